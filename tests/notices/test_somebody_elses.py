"""A visit that was somebody else's by mistake: each hears what they do not know, and nothing false."""

import pytest

from scheduling.booking import merging, patients
from scheduling.booking.actions import Edit, edit, undo_edit
from scheduling.booking.seen import Seen
from scheduling.models import Message, Notice, Patient, Status
from scheduling.notices import loading
from tests.notices.post import ELEVEN, TEN, sent, why_not

pytestmark = pytest.mark.django_db


def letters():
    """To whom and what kind, since the first confirmation."""
    rows = Message.objects.order_by("pk")[1:]
    return [(row.address.partition("@")[0], row.notices.first().kind) for row in rows]


def seen(patient):
    return Seen.of(Patient.objects.get(pk=patient.pk))


@pytest.fixture
def visit(book_at, day):
    """Ana's; she was told."""
    visit = book_at(status=Status.CONFIRMED)
    day.send(10)
    return visit


@pytest.fixture
def give(rae, day):
    def given(visit, patient, minutes):
        return edit(Seen.of(visit), Edit(patient=patient), by=rae, now=day.at(minutes))

    return given


def test_a_correction_that_is_taken_back_in_the_window_tells_nobody(visit, give, day, ben, rae):
    corrected = give(visit, ben, 20)
    undo_edit(Seen.of(corrected), by=rae, now=day.at(21))
    day.send(30)
    assert letters() == []
    assert {why for _kind, why in why_not()} == {"overtaken", "nothing_new"}


def test_after_a_correction_that_was_taken_back_a_move_is_a_move(visit, give, day, ben, rae):
    corrected = give(visit, ben, 20)
    back = undo_edit(Seen.of(corrected), by=rae, now=day.at(21))
    day.send(30)
    day.move(back, ELEVEN, 40)
    day.send(50)
    assert letters() == [("ana", "moved")]


def test_moved_while_it_was_the_others_is_told_as_a_move(visit, give, day, ana, ben):
    moved = day.move(give(visit, ben, 20), ELEVEN, 21)
    give(moved, ana, 22)
    day.send(30)
    assert letters() == [("ana", "moved")]


def test_a_correction_that_was_told_and_taken_back_is_told_to_both(visit, give, day, ana, ben):
    corrected = give(visit, ben, 20)
    day.send(30)
    give(corrected, ana, 40)
    day.send(50)
    assert sorted(letters()[:2]) == [("ana", "cancelled"), ("ben", "confirmed")]
    assert sorted(letters()[2:]) == [("ana", "confirmed"), ("ben", "cancelled")]


def test_to_and_fro_in_one_window_is_one_cancellation(visit, give, day, ana, ben):
    again = give(give(give(visit, ben, 20), ana, 21), ben, 22)
    day.send(30)
    assert sorted(letters()) == [("ana", "cancelled"), ("ben", "confirmed")]
    assert again.patient == ben


def test_taken_back_and_corrected_again_later_is_still_told(visit, give, day, ana, ben):
    back = give(give(visit, ben, 20), ana, 21)
    day.send(30)
    give(back, ben, 40)
    day.send(50)
    assert sorted(letters()) == [("ana", "cancelled"), ("ben", "confirmed")]


@pytest.mark.parametrize("is_kept", [True, False], ids=["the right one is kept", "the other one is kept"])
def test_two_records_of_one_person_hear_of_no_cancellation(
    visit,
    give,
    day,
    ana,
    ben,
    max_,
    is_kept,
):
    give(visit, ben, 20)
    kept, gone = (ben, ana) if is_kept else (ana, ben)
    merging.merge(seen(kept), seen(gone), {}, by=max_, now=day.at(21))
    day.send(30)
    assert letters() == []


def test_a_record_merged_away_is_written_to_by_the_one_that_stands(visit, give, day, ana, ben, max_):
    third, fourth = [
        patients.save(
            Patient(patient_name=name, patient_lastname="Ono", email=f"{name.lower()}@mail.example")
        )
        for name in ("cy", "di")
    ]
    give(visit, ben, 20)
    merging.merge(seen(third), seen(ana), {}, by=max_, now=day.at(21))
    merging.merge(seen(fourth), seen(third), {}, by=max_, now=day.at(22))
    day.send(30)
    assert sorted(letters()) == [("ben", "confirmed"), ("di", "cancelled")]


def test_whom_a_former_record_became_costs_no_statement(
    visit,
    give,
    day,
    ana,
    ben,
    max_,
    django_assert_num_queries,
):
    give(visit, ben, 20)
    third = patients.save(Patient(patient_name="Cy", patient_lastname="Ono", email="cy@mail.example"))
    merging.merge(seen(third), seen(ana), {}, by=max_, now=day.at(21))
    with django_assert_num_queries(6):
        batch = loading.load(day.at(30), most=50)
    with django_assert_num_queries(0):
        assert loading.reader_of(batch.notices[0], visit) == third
    assert sent() == [("confirmed", "05.03. 10:00 agreed")]
    assert Notice.objects.filter(starts_at=TEN).count() == 3
