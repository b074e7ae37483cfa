"""Light and dark differ in colours alone: the browser tests look at everything else in one of them."""

import re
from pathlib import Path

import pytest
from django.conf import settings

SHEETS = sorted(Path(settings.BASE_DIR, "static", "css").glob("*.css"))
TOKEN = re.compile(r"--([\w-]+): light-dark\((#[0-9a-f]+), (#[0-9a-f]+)\);")
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


def luminance(colour):
    """Relative luminance, 0 to 1, as WCAG 2 counts it."""
    digits = colour[1:] if len(colour) == 7 else "".join(2 * digit for digit in colour[1:])
    parts = (int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4))
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def contrast(one, other):
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
def test_the_stripe_of_a_type_stands_out_from_whatever_it_stands_on(theme):
    tokens = {
        name: values[theme]
        for name, *values in TOKEN.findall(Path(SHEETS[0].parent, "tokens.css").read_text())
    }
    stripes = [colour for name, colour in tokens.items() if name.startswith("type-")]
    assert len(set(stripes)) == 4
    grounds = [tokens[name] for name in ("sheet", "shut", "hatch", "inset", "paper")]
    assert min(contrast(stripe, ground) for stripe in stripes for ground in grounds) >= 3


def test_contrast_is_that_of_wcag():
    assert round(contrast("#fff", "#000000"), 2) == 21
    assert round(contrast("#767676", "#fff"), 2) == 4.54
