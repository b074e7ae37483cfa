"""The scripts behind the Makefile. They run before anything is installed: the standard library only."""

import sys

if sys.version_info < (3, 11):  # noqa: UP036  (this line is for those who have an older one)
    sys.exit(
        "Python 3.11 or newer is needed, this is {}.{}: PYTHON=python3.11 make".format(*sys.version_info)
    )
