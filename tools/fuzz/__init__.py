"""The API asked at random, from its own document: `make fuzz`, and a part of `make test`.

`__main__` is the command, `trial` the whole run; `values` and `hooks` lead made-up requests to what there is;
`report` reads what was reached. Standard library only, but for `hooks`: Schemathesis loads that, in an
environment of its own.
"""
