"""The words under which a patient is kept, and whether what is typed asks for them."""

from datetime import date

import pytest

from scheduling.matching import search_words

TODAY = date(2026, 3, 2)
CARMEN = search_words.kept(
    "María Carmen",
    "Ruíz-Vega Ruiz",
    born=date(1984, 6, 12),
    phone="+34600555482",
    email="Carmen@Post.example",
)


def asks_for_carmen(typed):
    asked = search_words.wanted(typed, today=TODAY, country_code="34")
    has = [any(word in each for word in CARMEN for each in term.ranges) for term in asked.terms]
    return bool(has) and all(has) and not asked.nobody


def test_each_word_is_kept_once_with_where_it_stands():
    assert {word: place for word, place in CARMEN.items() if word[0] != "~"} == {
        "maria": search_words.FIRST_NAME,
        "carmen": search_words.LATER,
        "ruiz": search_words.FIRST_LASTNAME,
        "vega": search_words.LATER,
        "=1984-06-12": search_words.ELSEWHERE,
        "+34600555482": search_words.ELSEWHERE,
        "-28455500643": search_words.ELSEWHERE,
        "@carmen@post.example": search_words.ELSEWHERE,
    }


def test_one_of_whom_nothing_is_known_has_no_words():
    assert search_words.kept("", " - ") == {}


def test_a_very_long_word_is_known_by_its_beginning():
    long = "x" * 300
    word = next(iter(search_words.kept(long, "")))
    assert word == "x" * search_words.LONGEST_WORD
    (term,) = search_words.wanted(long, today=TODAY, country_code="34").terms
    assert word in term.ranges[0]


@pytest.mark.parametrize(
    "typed",
    [
        "carm",
        "RUIZ mar",
        "  rúiz,  carm ",
        "vega maria carmen ruiz",
        # the phone from its beginning, from its end, as a whole
        "600",
        "600 55",
        "+34 600",
        "482",
        "5482",
        "600555482",
        "600-555-482",
        "(600) 555.482",
        "+34 600-555-482",
        "+34600555482",
        "0034 600 555 482",
        "34600555482",
        "0600555482",
        # the birth date
        "12/06/1984",
        "12/6/84",
        "12.6.1984",
        "12-06-84",
        "1984-06-12",
        "1984/6/12",
        "12061984",
        "12 junio 1984",
        "12 de junio de 1984",
        "12 June 84",
        "12 jun 1984",
        # together, in any order
        "carmen 12/06/1984",
        "12 junio 1984 ruiz",
        "carmen 482",
        "600555482 ruiz",
        "12.6.84 maria 482",
        "carmen@post.example",
        "CARMEN@post ruiz",
        # on the way to something longer
        "carmen 4",
        "carmen 12/6",
        "carmen 12/6/1",
    ],
)
def test_carmen_is_asked_for_by(typed):
    assert asks_for_carmen(typed)


@pytest.mark.parametrize(
    "typed",
    [
        "",
        " ",
        "%",
        "_",
        "\0",
        "🙂",
        "4",
        "48",
        "armen",
        "carmenx",
        "carmen lopez",
        "1984",
        "carmen 1984",
        "555",
        "0034",
        "+34 482",
        "000",
        "13/06/1984",
        "12/06/1985",
        "31/02/1984",
        "carmen 31/02/1984",
        "12 julio 1984",
        "12/06/2084",
    ],
)
def test_carmen_is_not_asked_for_by(typed):
    assert not asks_for_carmen(typed)


@pytest.mark.parametrize("end", ["\ud7fb", "\uffff", "z", "9", "\U0001f600", "\U0010ffff"])
def test_a_beginning_ends_where_the_next_letter_begins(end):
    begins = search_words.Beginning.of("a" + end)
    assert "a" + end in begins
    assert "a" + end + "zz" in begins
    assert "b" not in begins
    begins.end.encode()  # a text that a database can hold


def test_the_search_begins_with_what_leaves_the_fewest():
    asked = search_words.wanted("li garcia 12/6/1984", today=TODAY, country_code="34")
    assert [term.ranges[0].first for term in search_words.rarest_first(asked.terms)] == [
        "=1984-06-12",
        "garcia",
        "li",
    ]


def test_a_text_of_hundreds_of_words_asks_for_eight():
    assert len(search_words.wanted("a b c d e f g h i j k", today=TODAY, country_code="34").terms) == 8
