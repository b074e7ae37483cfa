"""What nobody sees goes; what a script or a picture needs stays."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduling.matching.characters import clean, is_visible
from scheduling.matching.names import fold

UNSEEN = ["\u200b", "\u00ad", "\u2060", "\ufeff", "\u200e", "\u034f", "\u061c", "\u180e", "\u3164", "\ufff9"]
DIRECTIONS = ["\u202a", "\u202b", "\u202c", "\u202d", "\u202e", "\u2066", "\u2067", "\u2068", "\u2069"]
CONTROLS = ["\x00", "\x07", "\x1b", "\x1f", "\x7f", "\x9b"]
OTHERS = [
    "\U000e0041",
    "\U000e01ef",
    "\ufe0f",
    "\ufe00",
    "\u200c",
    "\u200d",
    "\ud800",
    "\uffff",
    "\U0001d173",
]


@pytest.mark.parametrize("character", [*UNSEEN, *DIRECTIONS, *CONTROLS, *OTHERS], ids=ascii)
def test_between_latin_letters_nothing_of_it_stays(character):
    for lines in (False, True):
        assert clean(f"{character}Hel{character}ena{character}", lines=lines) == "Helena"
    assert not is_visible(character)


@pytest.mark.parametrize(
    "text",
    [
        "می\u200cخواهم",  # Persian: one word of two parts
        "ශ්\u200dරී",  # Sinhala: Sri
        "അനില്\u200d",  # Malayalam: a letter at the end
        "र्\u200dय",
        "👩🏽\u200d⚕\ufe0f",
        "❤\ufe0f\u200d🔥",
        "1\ufe0f\u20e3",
        "辻\U000e0100",  # the form in which a Japanese family writes it
        "神田",  # and one of its own
        "O’Connor-Núñez",
        "e\u0301",
    ],
    ids=ascii,
)
def test_what_means_something_stays(text):
    assert clean(text) == text


@pytest.mark.parametrize(
    ("text", "one_line", "lines"),
    [
        ("a\r\nb\rc\n", "a b c ", "a\nb\nc\n"),
        ("a\tb", "a b", "a\tb"),
        ("a\u2028b\u2029c\x0bd\x85e", "a b c d e", "a\nb\nc\nd\ne"),
        ("a\u2800b", "a b", "a b"),
    ],
)
def test_line_ends_and_tabs_stay_where_there_are_lines(text, one_line, lines):
    assert (clean(text), clean(text, lines=True)) == (one_line, lines)


@given(
    st.text(st.sampled_from(["a", "م", "र", "्", "👩", "❤", "辻", *UNSEEN, *DIRECTIONS, *OTHERS, "\n", " "]))
)
def test_what_is_clean_stays_as_it_is_and_nothing_seen_is_lost(text):
    for lines in (False, True):
        cleaned = clean(text, lines=lines)
        assert clean(cleaned, lines=lines) == cleaned
        assert fold(cleaned) == fold(text)
        assert is_visible(cleaned) == is_visible(text)
