from datetime import date

import pytest

from scheduling.matching.likeness import Likeness, Person, keys, why

JUNE = date(1984, 6, 12)
CARMEN = Person("Carmen", "Ruiz Vega", JUNE, "34600555482")


@pytest.mark.parametrize(
    ("other", "reason"),
    [
        (Person("CÁRMEN", "Ruíz Vega"), Likeness.NAME),
        (Person("Vega Carmen", "Ruiz", JUNE), Likeness.NAME),
        (Person("Carmen", "Ruiz Soler", JUNE), Likeness.BIRTH_DATE),
        (Person("Karmen", "Ruiz Vega", JUNE), Likeness.BIRTH_DATE),
        (Person("Carmen", "Soler", None, "34600555482"), Likeness.PHONE),
        (Person("Carmen", "Ruiz Vega", date(2015, 6, 12), "34600555482"), None),  # her daughter
        (Person("Hugo", "Ruiz Vega", None, "34600555482"), None),  # her son
        (Person("Hugo", "Soler", JUNE), None),
        (Person("Carmen", "Soler"), None),
        (Person("", ""), None),
    ],
)
def test_what_makes_two_records_look_like_one_person(other, reason):
    assert why(CARMEN, other) == why(other, CARMEN) == reason


@pytest.mark.parametrize(
    "other",
    [
        Person("CÁRMEN", "Ruíz Vega"),
        Person("Vega Carmen", "Ruiz"),
        Person("Carmen", "Soler", JUNE),
        Person("Karmen", "Ruiz Vega", JUNE),
        Person("Carmen", "Soler", None, "34600555482"),
    ],
)
def test_those_who_may_be_alike_share_a_key(other):
    assert keys(CARMEN) & keys(other)


def test_nameless_records_have_nothing_in_common():
    assert why(Person("", ""), Person("", "")) is None
    assert keys(Person("", "")) == set()


def test_keys_tell_no_name():
    assert all(len(key) == 17 and "carmen" not in key for key in keys(CARMEN))
