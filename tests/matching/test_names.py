import pytest

from scheduling.matching import characters, names


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("  José   GARCÍA ", "jose garcia"),
        ("D'Angelo-Świątek", "d angelo swiatek"),
        ("Łukasz Straße", "lukasz strasse"),
        ("Nguyễn", "nguyen"),
        ("", ""),
        ("राम", "राम"),
        ("रीमा", "रीमा"),
        ("Й", "и"),
        ("ᾳ Ἑλένη", "α ελενη"),
        ("İpek ŞIKLI", "ipek sikli"),
        ("𝐀𝐧𝐚 ＬＩ", "ana li"),
        ("し\u3099ゅん", "ジュン"),
        ("Hel\u200bena Qua\u00addros", "helena quadros"),
        ("می\u200cخواهم", "ميخواهم"),
    ],
)
def test_names_are_compared_without_case_accents_and_punctuation(text, folded):
    assert names.fold(text) == folded
    assert names.fold(folded) == folded


@pytest.mark.parametrize(
    ("text", "spoken"),
    [
        ("Souza, Ana", "Ana Souza"),
        (" Souza ,  Ana María ", "Ana María Souza"),
        ("Ana", "Ana"),
        ("a, b, c", "a, b, c"),
        ("王, 伟", "王 伟"),
    ],
)
def test_last_comma_first_is_read_in_spoken_order(text, spoken):
    assert names.in_spoken_order(text) == spoken


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Ana Souza", ("Ana", "Souza", True)),
        ("Haddad Nguyễn, María", ("María", "Haddad Nguyễn", True)),
        ("María Haddad Nguyễn", ("María", "Haddad Nguyễn", False)),
        ("Madonna", ("Madonna", "", False)),
        ("김 민수", ("민수", "김", True)),
        ("山田, 太郎", ("太郎", "山田", True)),
        ("", ("", "", False)),
    ],
)
def test_a_name_is_split_and_says_whether_that_is_sure(text, expected):
    assert names.split(text) == expected


@pytest.mark.parametrize(
    ("text", "seen"), [("\u200b \u2060\ufeff", False), ("", False), ("李", True), ("O\u200d", True)]
)
def test_a_name_of_characters_that_nobody_sees_is_none(text, seen):
    assert characters.is_visible(text) is seen
