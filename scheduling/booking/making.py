"""Writing a new appointment: the transactions behind `actions.book` and `actions.overbook`."""

from datetime import datetime
from typing import Final

from django.db import connection

from accounts.models import User
from scheduling.booking import day, hours_lock, lanes, patients, records, requests, rules
from scheduling.booking.change import Change
from scheduling.booking.proposal import NewPatient, Proposal
from scheduling.booking.requests import Made
from scheduling.booking.rights import OVERBOOK, rights_of
from scheduling.booking.rules import Refused
from scheduling.booking.times_as_text import utc
from scheduling.booking.transactions import in_one_transaction
from scheduling.models import NORMAL_LANE, Appointment, AppointmentEvent, Patient

EventKind = AppointmentEvent.Kind
MERGED_INTO: Final = "SELECT merged_into_id FROM patients WHERE id = %s"


@in_one_transaction
def book(proposal: Proposal, *, by: User | None, now: datetime) -> Made[Appointment]:
    problems = problems_now(proposal, by=by, now=now)
    if problems:
        # The same form may have been sent before: then what stands in its way is its own visit.
        earlier = booked_before(proposal)
        if earlier is not None:
            return Made(earlier, is_new=False)
        raise Refused(*problems)
    # Nearly always new. If not, its uuid is refused by the database: `actions.book` asks for the first.
    return Made(written(proposal, _change(proposal, by, now), lane=NORMAL_LANE), is_new=True)


@in_one_transaction
def overbook(proposal: Proposal, *, reason: str, by: User, now: datetime) -> Made[Appointment]:
    if OVERBOOK not in rights_of(by):
        raise Refused(rules.not_allowed("start"))
    earlier = booked_before(proposal)
    if earlier is not None:
        return Made(earlier, is_new=False)
    problems = problems_now(proposal, by=by, now=now)
    taken = {"doctor_taken", "buffer"}
    other = [problem for problem in problems if problem.code not in taken]
    if other:
        earlier = booked_before(proposal)
        if earlier is not None:
            return Made(earlier, is_new=False)
        raise Refused(*other)
    if not problems:
        return Made(written(proposal, _change(proposal, by, now), lane=NORMAL_LANE), is_new=True)
    change = _change(proposal, by, now, reason)
    return Made(written(proposal, change, lane=_free_lane(proposal)), is_new=True)


def problems_now(
    proposal: Proposal, *, by: User | None, now: datetime, moving: Appointment | None = None
) -> list[rules.Problem]:
    """What stands against the proposal at this moment and until the transaction ends, less what the asker may
    and does override.

    The rights are asked for only where something is overridden. `moving`: as in `day.load`.
    """
    hours_lock.hold(proposal.doctor.pk)
    problems = rules.problems_with(proposal, day.load(proposal, moving=moving), now=now)
    if problems and proposal.accepted:
        return rules.remaining(problems, accepted=proposal.accepted, rights=rights_of(by))
    return problems


def _change(proposal: Proposal, by: User | None, now: datetime, reason: str = "") -> Change:
    return Change(by=by, now=now, reason=reason, channel=proposal.source)


def _free_lane(proposal: Proposal) -> int:
    """The first lane that is free for the whole time; raises `Refused` beyond the doctor's limit."""
    for lane in lanes.free(proposal):
        return lane
    raise Refused(rules.lanes_full(proposal))


def written(proposal: Proposal, change: Change, *, lane: int = NORMAL_LANE) -> Appointment:
    """The rows of a visit that nothing is in the way of; a duplicate key means that its time was taken."""
    appointment = Appointment(
        uuid=proposal.uuid,
        doctor=proposal.doctor,
        patient=_on_record(proposal.patient, change),
        visit_type=proposal.visit_type,
        description=proposal.description,
        appointment_datetime=proposal.start,
        minutes=proposal.minutes,
        buffer_minutes=proposal.buffer_minutes,
        status=proposal.status,
        series=proposal.series,
        overbook_reason=change.reason,
        source=proposal.source,
        created_at=change.now,
        created_by=change.by,
        updated_at=change.now,
    )
    records.add(appointment)
    if not isinstance(proposal.patient, NewPatient):
        follow_a_merge(appointment)
    records.claim(appointment, lane=lane)
    if proposal.fingerprint:
        requests.remember(proposal.uuid, proposal.fingerprint, now=change.now)
    after = records.snapshot(appointment)
    if lane != NORMAL_LANE:
        after["lane"] = lane
    if proposal.accepted:
        after["accepted"] = sorted(proposal.accepted)
    if proposal.series is not None:
        after["series"] = str(proposal.series.uuid)
    records.record_event(appointment, EventKind.BOOKED, change, after=after)
    return appointment


def booked_before(proposal: Proposal) -> Appointment | None:
    """The appointment that this form made already; raises `Refused` where it was made from other content."""
    earlier = Appointment.objects.with_people().filter(uuid=proposal.uuid).first()
    if earlier is not None and not _is_same(earlier, proposal):
        raise Refused(rules.already_booked())
    return earlier


def _on_record(patient: Patient | NewPatient, change: Change) -> Patient:
    if isinstance(patient, NewPatient):
        return patients.recorded(patient, change)
    return patient


def follow_a_merge(appointment: Appointment) -> None:
    """A record may have become a part of another since the form was filled in: the visit belongs to that one.

    Asked after the INSERT: its foreign key holds the patient's row until the commit, so a merge that was not
    seen here waits, and then finds this visit.
    """
    with connection.cursor() as cursor:  # every booking asks: by hand, it costs a fifth
        cursor.execute(MERGED_INTO, [appointment.patient_id])
        (kept,) = cursor.fetchone()
    if kept is not None:
        appointment.patient = patients.standing(Patient.objects.get(pk=kept))
        appointment.save(update_fields=["patient"])
        follow_a_merge(appointment)


def _is_same(earlier: Appointment, proposal: Proposal) -> bool:
    """Whether the first booking under this uuid was made from the same form, or the same request."""
    fingerprint = requests.fingerprint_of(proposal.uuid)
    if fingerprint or proposal.fingerprint:
        return fingerprint == proposal.fingerprint
    first = AppointmentEvent.objects.filter(appointment=earlier, kind=EventKind.BOOKED).first()
    if first is None or first.after.get("start") != utc(proposal.start):
        return False
    if isinstance(proposal.patient, NewPatient):
        same_patient = earlier.patient.full_name == proposal.patient.full_name
    else:
        same_patient = earlier.patient_id == patients.standing(proposal.patient).pk
    return (
        same_patient
        and first.after.get("doctor") == str(proposal.doctor.uuid)
        and first.after.get("minutes") == proposal.minutes
        and earlier.visit_type == proposal.visit_type
        and earlier.description == proposal.description
    )
