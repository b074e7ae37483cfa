"""`make pictures`: takes the pictures of docs/images anew (tools/gallery.py), in `.venv`."""

from __future__ import annotations

import os

from tools import system, venv
from tools.console import main, run


def work() -> int:
    venv.prepare("requirements-dev.txt")
    system.need(system.BROWSER, "for pictures of the pages")
    code, _ = run([venv.PYTHON, "-m", "tools.gallery"], dict(os.environ))
    return code


if __name__ == "__main__":
    main(work)
