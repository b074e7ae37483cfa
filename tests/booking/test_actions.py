from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest

from scheduling.booking import integrity
from scheduling.booking.actions import book
from scheduling.booking.proposal import NewPatient, Proposal
from scheduling.booking.rules import Refused
from scheduling.models import Appointment, AppointmentEvent, Claim, Patient, Source, Status
from scheduling.times import grid
from tests.conftest import madrid

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
    with django_assert_num_queries(10):  # savepoint twice, uuid, hours twice, claims twice, 3 inserts
        book(long, by=None, now=now)
