"""What may have been meant by a word that nobody has."""

from datetime import date

import pytest

from scheduling.matching import misspellings
from scheduling.matching.search_words import MOST_TERMS, wanted


def asked(text):
    return wanted(text, today=date(2026, 3, 2), country_code="34")


def ranges(text, *known):
    meant = misspellings.meant(asked(text), known)
    return meant and [[each.first for each in term.ranges] for term in meant.terms]


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("vazqez", "vazquez"),
        ("vazquezz", "vazquez"),
        ("vazqeuz", "vazquez"),
        ("cazquez", "vazquez"),
        ("vazque", "vazquez"),
        ("azquez", "vazquez"),
        ("vasques", "vazquez"),
        ("marya", "maria"),
        ("аванова", "иванова"),
        ("παππας", "παπας"),
        ("عليي", "علي"),
    ],
)
def test_one_slip_away(typed, meant):
    assert meant in misspellings.near(typed)
    assert typed in misspellings.near(typed)


@pytest.mark.parametrize(
    ("typed", "other"),
    [("vazqez", "velazquez"), ("perez", "lopez"), ("ana", "maria"), ("marto", "mar")],
)
def test_further_away(typed, other):
    assert other not in misspellings.near(typed)


def test_the_words_to_look_up_are_bounded():
    typed = asked("zzcszcszcszcszsz bvbvbvbvbvbvbvbv ijyijyijyijyijyi gjgjgjgjgjgjgjgj abcdefgh")
    words = misspellings.doubtful(typed)
    assert len(words) <= misspellings.MOST_WORDS < MOST_TERMS
    assert sum(len(misspellings.near(word)) for word in words) < 5_000


@pytest.mark.parametrize("typed", ["ana", "a" * 17, "600555482", "12/06/1984", "ana@example.org", "王伟", ""])
def test_what_is_not_asked_again(typed):
    assert misspellings.doubtful(asked(typed)) == ()


def test_what_is_meant_is_asked_for_beside_what_was_typed():
    assert ranges("carmen vazqez", "carmen", "carmel", "vazquez") == [["carmen"], ["vazqez", "vazquez"]]
    assert ranges("carmen vazquez", "carmen", "carmel", "vazquez") == [
        ["carmen", "carmel"],
        ["vazquez", "vazquz"],  # with an umlaut, too
    ]
    assert ranges("carmenn vazqez", "vazquez") == [["carmenn"], ["vazqez", "vazquez"]]
    assert ranges("vazqez", "velazquez") is None
