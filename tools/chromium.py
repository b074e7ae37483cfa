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
    return _first(os.environ.get("CHROMIUM", ""), *NAMES)


def with_a_window() -> str | None:
    """The same of whole browsers only, which CHROMIUM_WHOLE names: only they keep pages for Back."""
    return _first(os.environ.get("CHROMIUM_WHOLE", ""), *NAMES[1:])


def _first(*names: str) -> str | None:
    return next((found for name in names if name and (found := shutil.which(name))), None)
