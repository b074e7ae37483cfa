"""`make messages`: brings the Spanish catalogue in step with the source (tools/catalogue.py), in `.venv`."""

from __future__ import annotations

import os

from tools import venv
from tools.console import main, run


def work() -> int:
    venv.prepare("requirements-dev.txt")
    code, _ = run([venv.PYTHON, "-m", "tools.catalogue"], dict(os.environ))
    return code


if __name__ == "__main__":
    main(work)
