"""The system's Chromium, which tests and pictures drive."""

from __future__ import annotations

import os
import shutil
from typing import Final

# The first has no window to draw: it takes 40 % less of a processor, and tests of every page are mostly that.
# tools/system.sh knows the same names.
NAMES: Final = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")


def path() -> str | None:
    """The program that CHROMIUM names, or the first of NAMES that is installed."""
    found = (shutil.which(name) for name in (os.environ.get("CHROMIUM", ""), *NAMES) if name)
    return next((each for each in found if each), None)
