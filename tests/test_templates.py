"""Templates can be read: what djangofmt leaves to us (`make lint` runs it on their structure)."""

import re
from pathlib import Path

import pytest
from django.conf import settings

TEMPLATES = sorted(Path(settings.BASE_DIR, "templates").rglob("*.html"))
LONGEST_LINE, MOST_LINES = 120, 150
# The content security policy lets nothing written into a page run or style it.
WRITTEN_IN = re.compile(
    r"""<style\b
      | <script\b(?![^>]*\bsrc=)
      | <[a-z][^<>]*\s(?:style|on[a-z]+|hx-on[:\w-]*)\s*=""",
    re.VERBOSE | re.IGNORECASE,
)
# Written into a file, for the day the network fails: nothing can stand beside it, and no policy holds there.
WITH_ITS_STYLE = "desk/board/sheet_file.html"
# Mails: programs that show them want their styles in the elements; nothing else may be written in.
MAILS = "notices/"
# `white-space: pre-wrap`: a line break inside would be seen, and the formatter does not know.
AS_TYPED = re.compile(
    r'class="[^"]*(?<![\w-])(?:as-typed|wrap)(?![\w-])[^"]*"[^>]*>(?P<rest>.*)$', re.MULTILINE
)


def name(path):
    return str(path.relative_to(settings.BASE_DIR / "templates"))


def without_styles(text):
    return re.sub(r'\sstyle="[^"<>]*"', "", text)


def too_long(text):
    return [line for line in text.splitlines() if len(line) > LONGEST_LINE]


def broken_as_typed(text):
    """Elements that keep line breaks and hold one of their own."""
    return [found.group() for found in AS_TYPED.finditer(text) if "</" not in found["rest"]]


@pytest.mark.parametrize("path", TEMPLATES, ids=name)
def test_a_template_can_be_read(path):
    text = path.read_text()
    assert too_long(text) == []
    assert len(text.splitlines()) <= MOST_LINES
    written_in = WRITTEN_IN.findall(without_styles(text) if name(path).startswith(MAILS) else text)
    assert written_in == (["<style"] if name(path) == WITH_ITS_STYLE else [])
    assert broken_as_typed(text) == []


@pytest.mark.parametrize(
    "markup",
    [
        "<style>p { color: red }</style>",
        "<script>alert(1)</script>",
        '<script type="module">import "./a.js"</script>',
        '<p class="a" style="color: red">',
        '<a href="/" onclick="go()">',
        '<button\n  hx-on:click="go()"\n>',
    ],
)
def test_what_the_policy_forbids_is_seen(markup):
    assert WRITTEN_IN.search(markup)


@pytest.mark.parametrize(
    "markup",
    [
        """<script type="module" src="{% static 'js/menu.js' %}"></script>""",
        '<p class="is-on" data-once="x" aria-controls="style">',
    ],
)
def test_what_it_allows_is_let_through(markup):
    assert not WRITTEN_IN.search(markup)


def test_in_a_mail_only_styles_of_elements_are_let_through():
    assert not WRITTEN_IN.search(without_styles('<p style="margin: 0" lang="es">'))
    for markup in ('<p style="margin: 0" onclick="go()">', "<style>", "<script>"):
        assert WRITTEN_IN.search(without_styles(markup))


def test_lines_are_counted_and_breaks_are_seen():
    assert too_long("a" * 120 + "\n" + "b" * 121) == ["b" * 121]
    assert broken_as_typed('<p class="mute as-typed">\n  {{ reason }}\n</p>')
    assert not broken_as_typed('<p class="mute as-typed">{{ reason }}</p>')
    assert not broken_as_typed('<p class="nowrap">\n  {{ reason }}\n</p>')
