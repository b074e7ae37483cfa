"""What is known about the time that a proposal asks for, gathered before the rules look at it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from scheduling.booking import facts, open_time
from scheduling.booking.facts import NOBODY, DoctorsClaim, GivenType, PatientsClaim
from scheduling.booking.open_time import Hours
from scheduling.booking.proposal import NewPatient, Proposal
from scheduling.clock import clinic_zone
from scheduling.models import Appointment, ExtraHours, WorkingHours
from scheduling.times.intervals import Interval, merged, subtracted


@dataclass(frozen=True)
class Day:
    """The clinic day, or days, that a proposal touches."""

    has_hours: bool  # whether the doctor has weekly or extra hours at all
    open: Sequence[Interval]  # hours worked (aware UTC), merged, ascending; time off not yet taken out
    off: Sequence[Interval] = ()  # time off (aware UTC) of the doctor or the clinic, merged, ascending
    doctor_taken: frozenset[int] = frozenset()  # grains in which a patient is seen
    buffer_taken: frozenset[int] = frozenset()  # grains that are kept free after a visit
    patient_taken: frozenset[int] = frozenset()  # grains
    given: frozenset[int] = frozenset()  # keys of the visit types that the doctor gives; none: all of them

    def beside(self, own: Interval, held: frozenset[int], *, is_patients: bool) -> "Day":
        """The same for a visit that stands there and stays: its own time counts as open, and what it holds
        as free, for its patient too if that is the one (`is_patients`)."""
        return Day(
            has_hours=True,
            open=merged([*self.open, own]),
            off=subtracted(self.off, [own]),
            doctor_taken=self.doctor_taken - held,
            buffer_taken=self.buffer_taken - held,
            patient_taken=self.patient_taken - held if is_patients else self.patient_taken,
            given=self.given,
        )


def load(proposal: Proposal, *, moving: Appointment | None = None) -> Day:
    """The facts around a proposal: 1 query; on a day on which the doctor does not work 1 more, or 2.

    `moving`: the appointment that would move there; its own time does not stand in its way.
    """
    reach = reach_of(proposal)
    doctor, hours = proposal.doctor.pk, Hours(clinic_zone())
    known = facts.of_booking(
        doctor,
        open_time.days_around(reach, hours.zone),
        open_time.weekdays_of(reach, hours.zone),
        patient=patient_of(proposal),
        grains=proposal.grains,
        moving=moving.pk if moving else NOBODY,
    )
    of_doctor: list[DoctorsClaim] = []
    of_patient: list[PatientsClaim] = []
    given: list[GivenType] = []
    for row in known:
        match row:
            case DoctorsClaim():
                of_doctor.append(row)
            case PatientsClaim():
                of_patient.append(row)
            case GivenType():
                given.append(row)
            case _:
                hours.add(row)
    opened = hours.worked(doctor, open_time.session_days(reach, hours.zone))
    return Day(
        has_hours=bool(opened or hours.extra) or ever_works(doctor),
        open=opened,
        off=hours.away(doctor),
        doctor_taken=frozenset(claim.grain for claim in of_doctor if claim.patient_id is not None),
        buffer_taken=frozenset(claim.grain for claim in of_doctor if claim.patient_id is None),
        patient_taken=frozenset(claim.grain for claim in of_patient),
        given=frozenset(each.visit_type_id for each in given),
    )


def reach_of(proposal: Proposal) -> Interval:
    """Around which facts are read: the visit, or a moment where it has no length that could be."""
    return Interval(proposal.start, max(proposal.time.end, proposal.start + timedelta(minutes=5)))


def patient_of(proposal: Proposal) -> int:
    """The patient's key; NOBODY for one who is not on record yet."""
    return NOBODY if isinstance(proposal.patient, NewPatient) else proposal.patient.pk


def ever_works(doctor: int) -> bool:
    """Whether any hours were ever recorded: who works by extra hours alone has hours too."""
    return any(model.objects.filter(doctor=doctor).exists() for model in (WorkingHours, ExtraHours))
