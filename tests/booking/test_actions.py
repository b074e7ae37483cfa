from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError

from scheduling.booking import hours_lock, integrity, making
from scheduling.booking.actions import Wish, book, cancel
from scheduling.booking.proposal import NewPatient, Proposal
from scheduling.booking.rules import Refused
from scheduling.booking.seen import Seen
from scheduling.models import Appointment, AppointmentEvent, Claim, Patient, Source, Status, TimeOff
from scheduling.times import grid
from tests import factories
from tests.booking.asking import booked, lanes, refusal
from tests.conftest import madrid
from tests.environment import on_mariadb

TEN = madrid("2026-03-03 10:00")


@pytest.fixture
def proposal(osei, ana, checkup):
    return Proposal(
        uuid=uuid4(), doctor=osei, patient=ana, visit_type=checkup, start=TEN, description="Palpitations 🤧"
    )


def refused(proposal, now):
    with pytest.raises(Refused) as caught:
        book(proposal, by=None, now=now)
    return caught.value.codes


def rows():
    return [model.objects.count() for model in (Appointment, Claim, AppointmentEvent, Patient)]


def test_a_booking_is_an_appointment_its_claims_and_an_event(proposal, rae, now):
    booked = book(proposal, by=rae, now=now)
    visit = Appointment.objects.get()
    assert booked == visit
    assert visit.uuid == proposal.uuid
    assert (visit.doctor, visit.patient, visit.visit_type) == (
        proposal.doctor,
        proposal.patient,
        proposal.visit_type,
    )
    assert (visit.appointment_datetime, visit.minutes, visit.status) == (TEN, 30, Status.CONFIRMED)
    assert (visit.description, visit.source) == ("Palpitations 🤧", Source.DESK)
    assert (visit.created_by, visit.created_at, visit.version) == (rae, now, 1)
    assert visit.original_patient_name is None
    claims = Claim.objects.order_by("grain").values_list("grain", "lane", "doctor", "patient", "appointment")
    assert list(claims) == [
        (grain, 0, visit.doctor_id, visit.patient_id, visit.pk) for grain in grid.grains(TEN, 30)
    ]
    event = AppointmentEvent.objects.get()
    assert (event.kind, event.by, event.at, event.channel) == ("booked", rae, now, "desk")
    assert event.after == {
        "status": "confirmed",
        "start": "2026-03-03T09:00:00+00:00",
        "minutes": 30,
        "doctor": str(proposal.doctor.uuid),
    }
    assert integrity.problems(now=now) == []


def test_a_refusal_writes_nothing(proposal, now):
    book(proposal, by=None, now=now)
    before = rows()
    newcomer = NewPatient(patient_name="Eva", patient_lastname="Lind")
    assert refused(replace(proposal, uuid=uuid4(), patient=newcomer), now) == {"doctor_taken"}
    assert rows() == before


def test_a_new_patient_is_recorded_with_the_visit(proposal, now):
    newcomer = NewPatient(patient_name="Eva", patient_lastname="Ruiz", phone="+34600555219")
    visit = book(replace(proposal, patient=newcomer), by=None, now=now)
    patient = Patient.objects.get(patient_name="Eva")
    assert visit.patient == patient
    assert (patient.full_name, str(patient.phone), patient.search_key) == (
        "Eva Ruiz",
        "+34600555219",
        "eva ruiz",
    )
    assert patient.created_at == now
    assert not patient.needs_review


def test_the_same_form_sent_twice_answers_with_the_first_visit(proposal, rae, now):
    first = book(proposal, by=rae, now=now)
    before = rows()
    assert book(proposal, by=rae, now=now + timedelta(minutes=1)) == first
    assert rows() == before


@pytest.mark.parametrize("change", ["start", "description", "patient", "doctor"])
def test_a_saved_form_sent_again_with_other_content_is_told_so(proposal, ben, lind, now, change):
    book(proposal, by=None, now=now)
    before = rows()
    other = {"start": TEN + timedelta(hours=1), "description": "Other", "patient": ben, "doctor": lind}[
        change
    ]
    assert refused(replace(proposal, **{change: other}), now) == {"already_booked"}
    assert rows() == before


def test_the_patient_cannot_be_with_two_doctors_at_once(proposal, lind, now):
    book(proposal, by=None, now=now)
    second = replace(proposal, uuid=uuid4(), doctor=lind, start=TEN + timedelta(minutes=15))
    assert refused(second, now) == {"patient_taken"}


def test_a_neighbour_is_welcome(proposal, ben, now):
    book(proposal, by=None, now=now)
    after = replace(proposal, uuid=uuid4(), patient=ben, start=TEN + timedelta(minutes=30))
    assert book(after, by=None, now=now).appointment_datetime == madrid("2026-03-03 10:30")


def test_a_claim_that_the_rules_did_not_see_is_still_refused_by_the_database(
    proposal, ben, lind, now, monkeypatch
):
    """The rules look away, as they do when another desk commits between their look and our write."""
    book(proposal, by=None, now=now)
    before = rows()
    monkeypatch.setattr("scheduling.booking.rules.problems_with", lambda *args, **kwargs: [])
    assert refused(replace(proposal, uuid=uuid4(), patient=ben), now) == {"doctor_taken"}
    assert refused(replace(proposal, uuid=uuid4(), doctor=lind), now) == {"patient_taken"}
    assert rows() == before


def test_booking_takes_the_same_few_queries_for_any_length(proposal, now, django_assert_num_queries):
    long = replace(proposal, minutes=300, start=madrid("2026-03-03 09:00"))
    hours_lock.take([proposal.doctor.pk])
    # savepoint twice, hours and claims at once, 3 inserts, and whether the record was merged meanwhile; where
    # several write at a time, the lock of the hours
    with django_assert_num_queries(8 if on_mariadb() else 7):
        book(long, by=None, now=now)


def test_the_visit_has_its_own_copy_of_minutes_and_buffer(proposal, osei, ana, now):
    kind = factories.VisitTypeFactory(minutes=20, buffer_minutes=10)
    visit = book(replace(proposal, visit_type=kind, minutes=20, buffer_minutes=10), by=None, now=now)
    kind.minutes, kind.buffer_minutes = 60, 0
    kind.save()
    visit.refresh_from_db()
    assert (visit.minutes, visit.buffer_minutes) == (20, 10)
    assert integrity.problems(now=now) == []


def test_a_buffer_takes_the_doctor_and_leaves_the_patient_free(osei, lind, ana, ben, checkup):
    kind = factories.VisitTypeFactory(minutes=20, buffer_minutes=10)
    visit = booked(osei, ana, kind, TEN)
    assert lanes(visit) == [
        (grain, 0, ana.pk if grain in grid.grains(TEN, 20) else None) for grain in grid.grains(TEN, 30)
    ]
    during = TEN + timedelta(minutes=20)
    assert refusal(booked, osei, ben, checkup, during) == {"buffer"}
    assert booked(lind, ana, checkup, during).patient == ana
    assert booked(osei, ben, checkup, TEN + timedelta(minutes=30)).doctor == osei


def test_a_buffer_does_not_reach_into_the_next_visit_but_past_closing_time(osei, ana, ben, checkup, now):
    kind = factories.VisitTypeFactory(minutes=20, buffer_minutes=15)
    booked(osei, ben, checkup, TEN + timedelta(minutes=30))
    assert refusal(booked, osei, ana, kind, TEN) == {"doctor_taken"}
    assert booked(osei, ana, kind, TEN - timedelta(minutes=5)).buffer_minutes == 15
    late = booked(osei, ana, kind, "2026-03-03 13:40")
    assert late.ends_at == madrid("2026-03-03 14:00")
    assert integrity.problems(now=now) == []


@pytest.mark.parametrize("code", ["outside_hours", "time_off"])
def test_hours_are_overridden_by_who_knows_and_may(proposal, osei, rae, max_, now, code):
    start = TEN if code == "time_off" else madrid("2026-03-03 15:00")
    TimeOff.objects.create(doctor=None, starts_at=TEN, ends_at=TEN + timedelta(hours=1))
    asked = replace(proposal, start=start)
    accepting = replace(asked, accepted=frozenset({code}))
    for form, by in ((asked, max_), (accepting, rae), (accepting, None)):
        with pytest.raises(Refused) as caught:
            book(form, by=by, now=now)
        assert caught.value.codes == {code}
    visit = book(accepting, by=max_, now=now)
    assert visit.appointment_datetime == start
    assert AppointmentEvent.objects.get().after["accepted"] == [code]


def test_a_visit_without_a_type_and_without_minutes_is_refused_in_words(proposal, now):
    assert refused(replace(proposal, visit_type=None, minutes=0), now) == {"minutes_out_of_range"}
    assert rows() == [0, 0, 0, 1]


def test_any_other_violation_is_no_answer(proposal, now, monkeypatch):
    def broken(*args, **kwargs):
        raise IntegrityError("CHECK constraint failed")

    monkeypatch.setattr("scheduling.booking.making.book", broken)
    with pytest.raises(IntegrityError, match="CHECK"):
        book(proposal, by=None, now=now)


def test_a_form_sent_twice_at_once_is_found_by_the_second(proposal, now, monkeypatch):
    """The rules looked before the first was committed: the database refuses its uuid."""
    first = book(proposal, by=None, now=now)
    before = rows()
    monkeypatch.setattr(making, "problems_now", lambda *args, **kwargs: [])
    assert book(proposal, by=None, now=now) == first
    with pytest.raises(Refused) as caught:
        book(replace(proposal, description="Other"), by=None, now=now)
    assert caught.value.codes == {"already_booked"}
    assert rows() == before


def test_a_form_sent_again_after_its_visit_was_called_off_is_answered_with_that_visit(proposal, rae, now):
    first = book(proposal, by=None, now=now)
    cancel(Seen.of(first), reason="Better", wish=Wish.PATIENT, by=rae, now=now)
    before = rows()
    again = book(proposal, by=None, now=now)
    assert (again, again.status, again.version) == (first, Status.CANCELLED, 2)
    assert rows() == before


def test_a_form_with_a_new_patient_sent_twice_is_one_patient_and_another_name_is_told_so(proposal, now):
    form = replace(proposal, patient=NewPatient(patient_name="Eva", patient_lastname="Ruiz"))
    first = book(form, by=None, now=now)
    before = rows()
    assert book(form, by=None, now=now) == first
    other = replace(form, patient=NewPatient(patient_name="Eva", patient_lastname="Lind"))
    assert refused(other, now) == {"already_booked"}
    assert rows() == before
