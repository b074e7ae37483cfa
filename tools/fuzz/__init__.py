"""The API asked at random, from its own document: `make fuzz`, and a part of `make test`.

`__main__` is the command, `trial` the whole run; `known`, `values` and `hooks` lead made-up requests to what
there is; `report` reads what was reached; `faulty` is what the control asks. All run in `.venv`, but for
`hooks`, which Schemathesis loads in an environment of its own.
"""
