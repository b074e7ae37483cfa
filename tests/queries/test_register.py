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
