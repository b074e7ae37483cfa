"""Whom a new record is held against, and which pairs of the clinic may be one person."""

from datetime import date

import pytest

from scheduling.booking import patients
from scheduling.booking.proposal import NewPatient
from scheduling.queries import suspects
from tests import factories
from tests.conftest import NOW


@pytest.fixture
def carmen(db):
    return factories.PatientFactory(
        patient_name="Carmen", patient_lastname="Ruíz Vega", date_of_birth=date(1984, 6, 12)
    )


@pytest.mark.parametrize(
    ("name", "lastname", "born", "is_alike"),
    [
        ("carmen", "ruiz vega", None, True),
        ("Vega", "Carmen Ruiz", None, True),
        ("CÁRMEN", "RUIZ VEGA", date(1984, 6, 12), True),
        ("Carmen", "Ruiz", date(1984, 6, 12), True),
        ("Carmen", "Ruiz Vega", date(2015, 6, 12), False),
        ("Carmen", "Ruiz", None, False),
        ("Carmen", "Ruiz Vega Soler", None, False),
        ("", "", None, False),
    ],
)
def test_a_new_patient_is_held_against_those_on_record(carmen, name, lastname, born, is_alike):
    new = NewPatient(patient_name=name, patient_lastname=lastname, date_of_birth=born)
    alike = [each.hit.uuid for each in suspects.like(new, now=NOW)]
    assert alike == ([carmen.uuid] if is_alike else [])


def test_a_record_is_not_held_against_itself_nor_those_told_apart(carmen, rae):
    other = factories.PatientFactory(patient_name="Carmen", patient_lastname="Ruiz Vega")
    third = factories.PatientFactory(patient_name="carmen", patient_lastname="ruiz vega")
    assert [each.hit.uuid for each in suspects.like(carmen, now=NOW)] == [other.uuid, third.uuid]
    patients.tell_apart(other, third, by=rae, now=NOW)  # says nothing of Carmen herself
    patients.tell_apart(third, carmen, by=rae, now=NOW)
    assert [each.hit.uuid for each in suspects.like(carmen, now=NOW)] == [other.uuid]


def test_pages_of_pairs_hold_each_pair_once(db):
    for n in range(suspects.GROUPS + 5):
        for _ in range(2):
            factories.PatientFactory(
                patient_name="Eva",
                patient_lastname=f"Gil{n}",
                phone="+34600555482",
                date_of_birth=date(1990, 1, 1 + n % 28),
            )
    found, number = [], 1
    while True:
        page = suspects.pairs(number, now=NOW)
        found += [(pair.one.uuid, pair.other.uuid) for pair in page.pairs]
        number += 1
        if not page.more:
            break
    assert len(found) == len(set(found)) >= suspects.GROUPS + 5
