"""What is in the way of many proposals, read at once: as `making.problems_now` says it of one, by name.

6 statements for any number of proposals, of which the last is asked where a time is taken.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from scheduling.booking import day, fitting, open_time, rules
from scheduling.booking.day import Day, patient_of, reach_of
from scheduling.booking.facts import NOBODY
from scheduling.booking.open_time import Hours
from scheduling.booking.proposal import Proposal
from scheduling.booking.rules import Problem
from scheduling.models import Appointment, Claim
from scheduling.times.intervals import Interval

UNRECORDED: Final = 0  # in place of the key of a visit that is not there yet


@dataclass(frozen=True)
class Obstacles:
    """What stands against one proposal: the reasons, whose visits take the time of the doctor or of the
    patient, and what the time off is for."""

    problems: Sequence[Problem] = ()
    visits: Sequence[Appointment] = ()
    time_off: Sequence[str] = ()

    def __bool__(self) -> bool:
        return bool(self.problems)


@dataclass
class Taken:
    """Claims around the proposals: by doctor or patient (keys), of each grain the visit's key."""

    seen: dict[int, dict[int, int]] = field(default_factory=lambda: defaultdict(dict))
    buffers: dict[int, dict[int, int]] = field(default_factory=lambda: defaultdict(dict))
    patients: dict[int, dict[int, int]] = field(default_factory=lambda: defaultdict(dict))

    def beside(self, proposal: Proposal) -> tuple[dict[int, int], dict[int, int], dict[int, int]]:
        """What of a time is taken: the doctor's by patients, the doctor's after them, the patient's."""
        doctor, patient = proposal.doctor.pk, patient_of(proposal)
        seen, buffers, patients = (
            {grain: held[grain] for grain in proposal.grains if grain in held}
            for held in (self.seen[doctor], self.buffers[doctor], self.patients[patient])
        )
        return seen, buffers, patients

    def promise(self, proposal: Proposal) -> None:
        """It will stand there: the others of the same plan find the time taken, by none on record."""
        for grain in proposal.grains:
            is_seen = grain in proposal.visit_grains
            (self.seen if is_seen else self.buffers)[proposal.doctor.pk].setdefault(grain, UNRECORDED)
            if is_seen:
                self.patients[patient_of(proposal)].setdefault(grain, UNRECORDED)


def of(proposals: Sequence[Proposal], *, now: datetime, moving: Collection[int] = ()) -> list[Obstacles]:
    """What stands against each; one that nothing is in the way of takes its time from those behind it.

    `moving`: keys of appointments that give up their places.
    """
    if not proposals:
        return []
    span = Interval(min(p.start for p in proposals), max(reach_of(p).end for p in proposals))
    hours = open_time.load({proposal.doctor.pk for proposal in proposals}, span)
    known = _known(proposals, hours)
    taken = _taken(proposals, moving)
    given = fitting.given_by({proposal.doctor.pk for proposal in proposals})
    found: list[tuple[list[Problem], set[int]]] = []
    for proposal in proposals:
        seen, buffers, patients = taken.beside(proposal)
        around = Day(
            has_hours=known[proposal.doctor.pk],
            open=hours.worked(proposal.doctor.pk, open_time.session_days(reach_of(proposal), hours.zone)),
            off=hours.away(proposal.doctor.pk),
            doctor_taken=frozenset(seen),
            buffer_taken=frozenset(buffers),
            patient_taken=frozenset(patients),
            given=given.get(proposal.doctor.pk, frozenset()),
        )
        problems = rules.problems_with(proposal, around, now=now)
        if not problems:
            taken.promise(proposal)
        mine = {visit for grain, visit in patients.items() if grain in proposal.visit_grains}
        found.append((problems, {*seen.values(), *buffers.values(), *mine} - {UNRECORDED}))
    visits = _visits(key for _problems, keys in found for key in keys)
    return [
        Obstacles(problems, [visits[key] for key in sorted(keys) if key in visits], _reasons(proposal, hours))
        if problems
        else Obstacles()
        for proposal, (problems, keys) in zip(proposals, found, strict=True)
    ]


def _known(proposals: Iterable[Proposal], hours: Hours) -> dict[int, bool]:
    """Whether each doctor has hours at all; a query for one who has none, and none around these times."""
    doctors = {proposal.doctor.pk for proposal in proposals}
    return {doctor: hours.known(doctor) or day.ever_works(doctor) for doctor in doctors}


def _taken(proposals: Sequence[Proposal], moving: Collection[int]) -> Taken:
    """2 queries."""
    taken = Taken()
    claims = Claim.objects.exclude(appointment__in=moving) if moving else Claim.objects.all()
    wanted = {grain for proposal in proposals for grain in proposal.grains}
    columns = ("grain", "doctor_id", "patient_id", "appointment_id")
    doctors = {proposal.doctor.pk for proposal in proposals}
    of_doctors = claims.filter(doctor__in=doctors, grain__in=wanted).order_by()
    for grain, doctor, patient, visit in of_doctors.values_list(*columns):
        (taken.buffers if patient is None else taken.seen)[doctor][grain] = visit
    patients = {patient_of(proposal) for proposal in proposals} - {NOBODY}
    of_patients = claims.filter(patient__in=patients, grain__in=wanted).order_by()
    for grain, _doctor, patient, visit in of_patients.values_list(*columns):
        taken.patients[patient][grain] = visit
    return taken


def _visits(keys: Iterable[int]) -> dict[int, Appointment]:
    wanted = set(keys)
    return {visit.pk: visit for visit in Appointment.objects.with_people().filter(pk__in=wanted)}


def _reasons(proposal: Proposal, hours: Hours) -> list[str]:
    end = proposal.time.end
    reasons = (
        off.reason
        for off in hours.absences
        if off.doctor_id in {None, proposal.doctor.pk}
        and off.time.start < end
        and proposal.start < off.time.end
    )
    return list(dict.fromkeys(reason for reason in reasons if reason))
