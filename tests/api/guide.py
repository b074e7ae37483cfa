"""docs/api.md, cut into what tests look at."""

import re
from functools import cache

from django.conf import settings


def page():
    return (settings.BASE_DIR / "docs" / "api.md").read_text(encoding="utf-8")


def blocks(language):
    """The text of each fenced block of a language, in order."""
    return re.findall(rf"^```{language}\n(.*?)^```$", page(), re.MULTILINE | re.DOTALL)


def table(title):
    """The rows of the table under a heading, each a list of its cells."""
    section = page().split(f"\n## {title}\n")[1].split("\n## ")[0]
    rows = [line.strip("|").split("|") for line in section.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in row] for row in rows[2:]]


def in_code(cell):
    """What stands in backquotes in a cell."""
    return re.findall(r"`([^`]+)`", cell)


@cache
def codes():
    """Every code of a problem that the page knows."""
    return frozenset(code for row in table("Codes of problems") for code in in_code(row[0]))
