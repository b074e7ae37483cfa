"""The only writer of appointments. Each action is one transaction and may be asked for twice."""

from dataclasses import asdict
from datetime import datetime

from django.db import IntegrityError

from accounts.models import User
from scheduling.booking import day, rules
from scheduling.booking.claims import claims_for
from scheduling.booking.conflicts import conflict_of
from scheduling.booking.proposal import NewPatient, Proposal
from scheduling.booking.rules import Refused
from scheduling.booking.transactions import in_one_transaction
from scheduling.models import Appointment, AppointmentEvent, Claim, Patient


def book(proposal: Proposal, *, by: User | None, now: datetime) -> Appointment:
    """Make the appointment, its claims and its first event, or nothing.

    `now` is aware. Asked twice with the same proposal, it answers with the first appointment. Raises
    `Refused` with every problem found, also when another desk took the time in this very moment.
    """
    try:
        return _book(proposal, by=by, now=now)
    except IntegrityError as error:
        match conflict_of(error):
            case "doctor_taken":
                raise Refused(rules.doctor_taken(proposal)) from error
            case "patient_taken":
                raise Refused(rules.patient_taken()) from error
            case "same_uuid":  # sent twice at once: the other one is committed by now
                return _book(proposal, by=by, now=now)
            case _:
                raise


@in_one_transaction
def _book(proposal: Proposal, *, by: User | None, now: datetime) -> Appointment:
    earlier = _booked_before(proposal)
    if earlier is not None:
        return earlier
    problems = rules.problems_with(proposal, day.load(proposal), now=now)
    if problems:
        # The same form, sent twice at once, may have been booked between the two reads.
        earlier = _booked_before(proposal)
        if earlier is not None:
            return earlier
        raise Refused(*problems)
    appointment = Appointment.objects.create(
        uuid=proposal.uuid,
        doctor=proposal.doctor,
        patient=_on_record(proposal.patient, now),
        visit_type=proposal.visit_type,
        description=proposal.description,
        appointment_datetime=proposal.start,
        minutes=proposal.minutes,
        status=proposal.status,
        source=proposal.source,
        created_at=now,
        created_by=by,
        updated_at=now,
    )
    Claim.objects.bulk_create(claims_for(appointment))
    AppointmentEvent.objects.create(
        appointment=appointment,
        at=now,
        by=by,
        kind=AppointmentEvent.Kind.BOOKED,
        channel=proposal.source,
        after={"status": proposal.status, "start": proposal.start.isoformat(), "minutes": proposal.minutes},
    )
    return appointment


def _booked_before(proposal: Proposal) -> Appointment | None:
    """The appointment that this form made already; raises `Refused` where it was made from other content."""
    earlier = Appointment.objects.with_people().filter(uuid=proposal.uuid).first()
    if earlier is not None and not _is_same(earlier, proposal):
        raise Refused(rules.already_booked())
    return earlier


def _on_record(patient: Patient | NewPatient, now: datetime) -> Patient:
    if isinstance(patient, NewPatient):
        return Patient.objects.create(**asdict(patient), created_at=now)
    return patient


def _is_same(earlier: Appointment, proposal: Proposal) -> bool:
    """Whether the first booking under this uuid was made from the same form."""
    first = AppointmentEvent.objects.filter(appointment=earlier, kind=AppointmentEvent.Kind.BOOKED).first()
    if first is None or first.after.get("start") != proposal.start.isoformat():
        return False
    if isinstance(proposal.patient, NewPatient):
        same_patient = earlier.patient.full_name == proposal.patient.full_name
    else:
        same_patient = earlier.patient_id == proposal.patient.pk
    return (
        same_patient
        and earlier.doctor_id == proposal.doctor.pk
        and earlier.visit_type_id == proposal.visit_type.pk
        and earlier.description == proposal.description
    )
