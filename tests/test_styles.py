"""Stylesheets can be read: short files, one declaration a line, colours by their names."""

import re
from collections import Counter
from pathlib import Path

import pytest
from django.conf import settings

SHEETS = sorted(Path(settings.BASE_DIR, "static", "css").glob("*.css"))
LONGEST_LINE, MOST_LINES = 120, 400
COUNTED = "board_grains.css"  # a table made by counting: it is never edited, and short on the way
# Paper is black on white in every theme, and the day on paper is written into a file without our tokens. The
# API's documents are somebody else's markup, with colours of their own.
WITH_COLOURS_OF_THEIR_OWN = {"tokens.css", "print.css", "day_sheet.css", "api_docs.css"}
COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
COLOUR = re.compile(r"#[0-9a-fA-F]{3,8}\b|\b(?:rgb|hsl)a?\(")
WRONG = {
    "a unit behind zero": re.compile(r"(?<![\w.#-])0(?:px|r?em|ex|ch|v[wh]|mm|pt)\b"),
    "a capital letter in a colour": re.compile(r"#[0-9a-f]*[A-F]"),
    "a longer colour than needed": re.compile(r"#([0-9a-f])\1([0-9a-f])\2([0-9a-f])\3(?![0-9a-f])"),
    "one colon before a pseudo-element": re.compile(r"(?<!:):(?:before|after|first-line|first-letter)\b"),
    "no space behind a colon": re.compile(r"^\s*[\w-]+:\S[^{}]*;$", re.MULTILINE),
    "blanks at the end of a line": re.compile(r"[ \t]+$", re.MULTILINE),
}


def without_comments(style):
    return COMMENT.sub(lambda found: re.sub(r"[^\n]", "", found.group()), style)


def crowded(style):
    """Lines with more than one declaration, or with more than one rule."""
    return [
        line for line in without_comments(style).splitlines() if line.count(";") > 1 or line.count("{") > 1
    ]


def selectors(style):
    """Each rule by the at-rules around it and its selectors."""
    inside, found = [], []
    for text, end in re.findall(r"([^{};]*)([{};])", without_comments(style)):
        if end == "{":
            inside.append(" ".join(text.split()))
            if not inside[-1].startswith("@"):
                found.append(tuple(inside))
        elif end == "}":
            inside.pop()
    return found


def twice(style):
    return [" ".join(rule) for rule, times in Counter(selectors(style)).items() if times > 1]


@pytest.mark.parametrize("path", SHEETS, ids=lambda path: path.name)
def test_a_stylesheet_can_be_read(path):
    style = path.read_text()
    assert [line for line in style.splitlines() if len(line) > LONGEST_LINE] == []
    assert len(style.splitlines()) < MOST_LINES
    assert twice(style) == []
    if path.name != COUNTED:
        assert crowded(style) == []
        assert {what: found for what, rule in WRONG.items() if (found := rule.findall(style))} == {}
    if path.name not in WITH_COLOURS_OF_THEIR_OWN:
        assert COLOUR.findall(without_comments(style)) == []


def test_what_is_crowded_or_said_twice_is_seen():
    assert crowded(".a { color: red; margin: 0; }\n.b { margin: 0; }") == [".a { color: red; margin: 0; }"]
    assert crowded(".a { margin: 0; } .b { margin: 0; }") != []
    assert crowded(".a { margin: 0; } /* ; ; */") == []
    assert twice(".a { margin: 0; }\n@media print { .a { margin: 0; } }") == []
    assert twice("@media print { .a { margin: 0; }\n.a { padding: 0; } }") == ["@media print .a"]


@pytest.mark.parametrize(
    "style", ["a { margin: 0px; }", "a { color: #FFF; }", "a { color: #ffffff; }", "a {\n  margin:0;\n}"]
)
def test_a_longer_way_to_write_it_is_seen(style):
    assert any(rule.search(style) for rule in WRONG.values())
