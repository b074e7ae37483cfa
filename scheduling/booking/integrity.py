"""Whether the schedule is what the appointments say: each active visit from today on holds its grains."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from scheduling.booking.day import clinic_zone
from scheduling.models import Appointment, Claim
from scheduling.times import clinic_day, grid

Kind = Literal["missing", "extra", "foreign"]


@dataclass(frozen=True)
class ScheduleProblem:
    """One appointment whose claims are wrong: `missing` or `extra` grains, or claims of a `foreign` doctor,
    patient or lane."""

    appointment: UUID
    kind: Kind
    grains: tuple[int, ...]

    def __str__(self) -> str:
        first = grid.instant_of(self.grains[0]).astimezone(clinic_zone())
        return f"{self.appointment}: {len(self.grains)} {self.kind} grains from {first:%Y-%m-%d %H:%M}"


def problems(*, now: datetime) -> list[ScheduleProblem]:
    """Every deviation from the clinic's today on; empty is what it should be. Reads two ranges."""
    zone = clinic_zone()
    today = clinic_day.whole_day(clinic_day.day_of(now, zone), zone)
    first_grain = grid.grain_of(today.start)
    claims: dict[int, list[Claim]] = defaultdict(list)
    for claim in Claim.objects.filter(grain__gte=first_grain).iterator(chunk_size=5000):
        claims[claim.appointment_id].append(claim)
    found: list[ScheduleProblem] = []
    later = Appointment.objects.holding_time().filter(appointment_datetime__gte=today.start)
    for appointment in later.order_by("pk").iterator(chunk_size=5000):
        found.extend(_deviations(appointment, claims.pop(appointment.pk, [])))
    # What is left over holds time for visits that began before today, or that should hold none.
    for appointment in Appointment.objects.filter(pk__in=list(claims)).order_by("pk"):
        theirs = claims[appointment.pk]
        if appointment.holds_time and appointment.appointment_datetime < today.start:
            theirs = [c for c in theirs if c.grain not in _grains(appointment)]
        if theirs:
            found.append(ScheduleProblem(appointment.uuid, "extra", _sorted(theirs)))
    return found


def _grains(appointment: Appointment) -> range:
    return grid.grains(appointment.appointment_datetime, appointment.minutes)


def _sorted(claims: list[Claim]) -> tuple[int, ...]:
    return tuple(sorted(claim.grain for claim in claims))


def _deviations(appointment: Appointment, claims: list[Claim]) -> Iterator[ScheduleProblem]:
    wanted = _grains(appointment)
    missing = sorted(set(wanted) - {claim.grain for claim in claims})
    if missing:
        yield ScheduleProblem(appointment.uuid, "missing", tuple(missing))
    extra = [claim for claim in claims if claim.grain not in wanted]
    if extra:
        yield ScheduleProblem(appointment.uuid, "extra", _sorted(extra))
    lanes = {claim.lane for claim in claims}
    patients = {claim.patient_id for claim in claims}
    foreign = [c for c in claims if c.doctor_id != appointment.doctor_id]
    foreign += [c for c in claims if c.patient_id not in {None, appointment.patient_id}]
    if not foreign and (len(lanes) > 1 or len(patients) > 1):
        foreign = claims
    if foreign:
        yield ScheduleProblem(appointment.uuid, "foreign", _sorted(foreign))
