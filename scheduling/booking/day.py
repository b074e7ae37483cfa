"""What is known about the time that a proposal asks for, gathered before the rules look at it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from scheduling.booking import open_time
from scheduling.booking.proposal import NewPatient, Proposal
from scheduling.models import Appointment, Claim
from scheduling.times.intervals import Interval


@dataclass(frozen=True)
class Day:
    """The clinic day, or days, that a proposal touches."""

    has_hours: bool  # whether the doctor has weekly hours at all, or extra hours around that day
    open: Sequence[Interval]  # hours worked (aware UTC), merged, ascending; time off not yet taken out
    off: Sequence[Interval] = ()  # time off (aware UTC) of the doctor or the clinic, merged, ascending
    doctor_taken: frozenset[int] = frozenset()  # grains in which a patient is seen
    buffer_taken: frozenset[int] = frozenset()  # grains that are kept free after a visit
    patient_taken: frozenset[int] = frozenset()  # grains


def load(proposal: Proposal, *, moving: Appointment | None = None) -> Day:
    """The facts around a proposal, by primary-key range: 3 queries for a new patient, 4 for one on record.

    `moving`: the appointment that would move there; its own time does not stand in its way.
    """
    reach = Interval(proposal.start, max(proposal.time.end, proposal.start + timedelta(minutes=5)))
    hours = open_time.load([proposal.doctor.pk], reach)
    wanted = proposal.grains
    during = Claim.objects.filter(grain__gte=wanted.start, grain__lt=wanted.stop)
    if moving is not None:
        during = during.exclude(appointment=moving)
    # In any lane: what was overbooked keeps its time to itself even after the visit beside it is cancelled.
    taken: set[tuple[int, int | None]] = set(
        during.filter(doctor=proposal.doctor).values_list("grain", "patient_id")
    )
    patient_taken: Iterable[int] = ()
    if not isinstance(proposal.patient, NewPatient):
        patient_taken = during.filter(patient=proposal.patient).values_list("grain", flat=True)
    return Day(
        has_hours=hours.known(proposal.doctor.pk),
        open=hours.worked(proposal.doctor.pk, open_time.days_of(reach, hours.zone)),
        off=hours.away(proposal.doctor.pk),
        doctor_taken=frozenset(grain for grain, patient in taken if patient is not None),
        buffer_taken=frozenset(grain for grain, patient in taken if patient is None),
        patient_taken=frozenset(patient_taken),
    )
