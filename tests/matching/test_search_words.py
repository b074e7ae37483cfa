"""The words under which a patient is kept, and whether what is typed asks for them."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduling.matching import search_words
from scheduling.matching.characters import clean
from scheduling.matching.names import fold

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
        "mariacarmen": search_words.FIRST_NAME,
        "ruiz": search_words.FIRST_LASTNAME,
        "vega": search_words.LATER,
        "vegaruiz": search_words.LATER,
        "ruizvega": search_words.FIRST_LASTNAME,
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
        "1984",
        "(1984)",
        "１９８４",
        "١٩٨٤",
        "१२/०६/१९८४",
        "\u202a+34 600\u00a0555 482\u202c",  # as telephones copy it
        "carmen 1984",
        "tel:+34600555482",
        "Tel. 600 555 482",
        "Carmen tlf: 600555482",
        "nº 600 555 482",
        "600‑555‑482",
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
        "1985",
        "carmen 1985",
        "+1984",
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


@pytest.mark.parametrize("year", [1880, 1904, 1905, 2026])
def test_whoever_can_have_been_born_is_found_by_the_year(year):
    words = search_words.kept("Ana", "", born=date(year, 1, 1))
    (term,) = search_words.wanted(str(year), today=TODAY, country_code="34").terms
    assert any(word in each for word in words for each in term.ranges)


def test_the_search_begins_with_what_leaves_the_fewest():
    asked = search_words.wanted("li garcia 12/6/1984", today=TODAY, country_code="34")
    assert [term.ranges[0].first for term in search_words.rarest_first(asked.terms)] == [
        "=1984-06-12",
        "garcia",
        "li",
    ]


def test_a_text_of_hundreds_of_words_asks_for_eight():
    assert len(search_words.wanted("a b c d e f g h i j k", today=TODAY, country_code="34").terms) == 8


def finds(typed, name, lastname=""):
    kept = search_words.kept(name, lastname)
    asked = search_words.wanted(typed, today=TODAY, country_code="34")
    has = [any(word in each for word in kept for each in term.ranges) for term in asked.terms]
    return bool(has) and all(has)


@pytest.mark.parametrize(
    ("names", "typed"),
    [
        (
            ["O'Connor", "O’Connor", "O Connor", "OConnor", "oʼconnor"],
            ["oconnor", "o'connor", "o connor", "O’CONN"],
        ),
        (["Mc Donald", "McDonald", "Mc-Donald"], ["mcdonald", "mc donald", "McDon"]),
        (["de la Cruz", "Delacruz", "De La Cruz"], ["delacruz", "de la cruz"]),
        (["Jean-Pierre", "Jeanpierre"], ["jean-pierre", "jeanpierre"]),
        (["Müller", "Mueller", "Muller", "Mu\u0308ller", "MÜLLER"], ["müller", "mueller", "muller", "Mül"]),
        (["Weiß", "Weiss", "WEIẞ"], ["weiss", "weiß"]),
        (["Åse", "Aase", "Ase"], ["åse", "ase"]),
        (["Jørgensen", "Joergensen", "Jorgensen"], ["jørgensen", "joergensen", "jorgensen"]),
        (["王伟", "王 伟", "王　伟"], ["王伟", "王", "伟", "王 伟"]),
        (["김민수", "김 민수"], ["김민수", "김", "민수", "김 민수"]),
        (["山田太郎", "山田 太郎"], ["山田太郎", "山田", "太郎", "山田　太"]),
        (["さとう", "サトウ", "ｻﾄｳ"], ["さとう", "サトウ", "ｻﾄ"]),
        (["가나", "\u1100\u1161나"], ["가나"]),
        (["राम", "रा\u200dम"], ["राम"]),
        (["مُحَمَّد", "محمد", "محمـد"], ["محمد", "مُحَمَّد"]),
        (["דָּוִד", "דוד"], ["דוד"]),
        (["Hel\u200bena", "Helena", "Hele\u00adna", "\u202eHelena\u202c"], ["helena", "He\u200blena"]),
        (["Kaʻiulani", "Ka'iulani", "Kaiulani"], ["kaʻiulani", "ka'iulani", "kaiulani"]),
    ],
)
def test_every_spelling_of_a_name_is_found_by_each_way_to_type_it(names, typed):
    missed = [(text, name) for name in names for text in typed if not finds(text, name)]
    assert missed == []


@pytest.mark.parametrize(
    ("name", "lastname"), [("伟", "王"), ("민수", "김"), ("太郎", "山田"), ("たろう", "やまだ")]
)
def test_a_name_of_two_fields_is_found_as_it_is_written(name, lastname):
    for typed in (lastname + name, f"{lastname} {name}", name, lastname, name + lastname):
        assert finds(typed, name, lastname)


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("राम", "रीमा"),
        ("रीमा", "राम"),
        ("கமல்", "கமலா"),
        ("김민수", "김수민"),
        ("noe", "Nora"),  # no umlaut: "no" alone is another word
        ("joel", "Jolanda"),
        ("onnor", "O'Connor"),
    ],
)
def test_another_name_is_not_found(typed, name):
    assert not finds(typed, name)


LETTERS = "aéüßøıŁ'’-. \u200b\u200d\u0301Дйאָمحُरा्क王伟김수あガゞไทย"


@given(st.text(LETTERS, min_size=1, max_size=12), st.text(LETTERS, max_size=12))
def test_everybody_is_found_by_their_own_name(name, lastname):
    if fold(f"{name} {lastname}"):
        for typed in (f"{name} {lastname}", f"{lastname} {name}", clean(f"{name} {lastname}").upper()):
            assert finds(typed, clean(name), clean(lastname))


@pytest.mark.parametrize(
    ("name", "lastname", "typed"),
    [
        ("1", "", "1"),
        ("1984", "", "1984"),
        ("Sala 101", "", "sala 101"),
        ("राम2", "", "राम2"),  # a vowel sign is no letter to a pattern
        ("\U00032dc3", "", "\U00032dc3"),  # Unicode has no such character yet
        ("Ana", "\ue000", "\ue000 ana"),  # for private use
    ],
)
def test_a_number_or_a_letter_that_is_new_can_be_a_name(name, lastname, typed):
    words = search_words.kept(name, lastname)
    asked = search_words.wanted(typed, today=TODAY, country_code="34")
    assert asked.terms
    assert all(any(word in each for word in words for each in term.ranges) for term in asked.terms)
