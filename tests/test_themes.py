"""Light and dark differ in colours alone: the browser tests look at everything else in one of them."""

import re
from pathlib import Path

import pytest
from django.conf import settings

SHEETS = sorted(Path(settings.BASE_DIR, "static", "css").glob("*.css"))
RULE = re.compile(r"([^{};]+)\{([^{}]*)\}")
THEMED = re.compile(r"\bdark\b|\[data-theme")
COLOURS = re.compile(
    r"(--[\w-]+|color-scheme|color|background(-color)?|border(-\w+)*-color|fill|stroke|box-shadow)$"
)


def in_one_theme(sheet):
    """What rules set that hold in one theme only."""
    for selectors, declarations in RULE.findall(re.sub(r"/\*.*?\*/", "", sheet, flags=re.DOTALL)):
        if all(THEMED.search(each) for each in selectors.split(",")):
            yield from (each.split(":")[0].strip() for each in declarations.split(";") if each.strip())


@pytest.mark.parametrize("path", SHEETS, ids=lambda path: path.name)
def test_a_theme_sets_colours_and_nothing_else(path):
    sheet = path.read_text()
    assert "@media (prefers-color-scheme" not in sheet
    assert [name for name in in_one_theme(sheet) if not COLOURS.match(name)] == []


def test_what_is_not_a_colour_is_seen():
    assert list(in_one_theme('html[data-theme="dark"] .top { display: none; color: red }')) == [
        "display",
        "color",
    ]
    assert not COLOURS.match("display")
