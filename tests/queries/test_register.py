"""The register of patients, by the letters of their last names."""

import pytest

from scheduling.queries import register
from tests import factories
from tests.conftest import NOW

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("lastname", "letter"),
    [("Abad", "a"), ("Ñúñez", "n"), ("d'Arc", "d"), ("Zorita", "z"), ("Žižek", "z"), ("Zzyzx", "z")],
)
def test_each_last_name_stands_under_its_own_letter_alone(lastname, letter):
    factories.PatientFactory(patient_lastname=lastname)
    assert [each for each in register.LETTERS if register.page(each, "1", now=NOW).hits] == [letter]


def test_a_large_register_is_counted_once_a_minute(monkeypatch, django_assert_num_queries):
    factories.PatientFactory.create_batch(3)
    monkeypatch.setattr(register, "MANY", 3)
    for queries in (3, 2):
        with django_assert_num_queries(queries):
            assert register.page("", "1", now=NOW).page.paginator.count == 3


def test_a_small_one_is_always_counted():
    for count in (1, 2):
        factories.PatientFactory(patient_lastname="Abad")
        assert register.page("a", "1", now=NOW).page.paginator.count == count
