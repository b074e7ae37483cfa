"""Whether the schedule is what the appointments say: each active visit from today on holds its grains."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal
from uuid import UUID

from django.db import IntegrityError

from scheduling.booking import records, stranding
from scheduling.booking.claims import claims_for, grains_of
from scheduling.booking.transactions import in_one_transaction
from scheduling.clock import clinic_zone
from scheduling.models import NORMAL_LANE, Appointment, Claim, Doctor
from scheduling.times import clinic_day, grid, possible
from scheduling.times.intervals import Interval

Deviation = Literal["missing", "extra", "foreign"]


@dataclass(frozen=True)
class ScheduleProblem:
    """One appointment whose claims are wrong: `missing` or `extra` grains, or claims of a `foreign` doctor,
    patient or lane."""

    appointment: UUID
    kind: Deviation
    grains: tuple[int, ...]

    def __str__(self) -> str:
        first = grid.instant_of(self.grains[0]).astimezone(clinic_zone())
        return f"{self.appointment}: {len(self.grains)} {self.kind} grains from {first:%Y-%m-%d %H:%M}"


def problems(*, now: datetime) -> list[ScheduleProblem]:
    """Every deviation from the clinic's today (of `now`, aware) on; none is what it should be. Reads two
    ranges: 3 queries, and one more where claims are left over.

    A visit at a date that can't be (old rows: 9999-12-31) may hold its time or none: nobody is offered it.
    """
    zone = clinic_zone()
    today = clinic_day.whole_day(clinic_day.day_of(now, zone), zone)
    watched = Interval(today.start, possible.INSTANTS.end)
    first, last = grid.grain_of(watched.start), grid.grain_of(watched.end + timedelta(days=1))
    claims: dict[int, list[Claim]] = defaultdict(list)
    # By doctor, or the key, which begins with the doctor, would be read from end to end: years of past.
    doctors = list(Doctor.objects.order_by().values_list("pk", flat=True))
    from_today = Claim.objects.filter(doctor_id__in=doctors, grain__gte=first, grain__lt=last)
    for claim in from_today.iterator(chunk_size=5000):
        claims[claim.appointment_id].append(claim)
    found: list[ScheduleProblem] = []
    later = Appointment.objects.holding_time().starting_in(watched)
    for appointment in later.order_by("pk").iterator(chunk_size=5000):
        found.extend(_deviations(appointment, claims.pop(appointment.pk, [])))
    # What is left over holds time for visits that begin before today or too late, or that should hold none.
    for appointment in Appointment.objects.filter(pk__in=list(claims)).order_by("pk"):
        theirs = claims[appointment.pk]
        if appointment.holds_time and not _is_in(watched, appointment):
            theirs = [c for c in theirs if c.grain not in grains_of(appointment)]
        if theirs:
            found.append(ScheduleProblem(appointment.uuid, "extra", _sorted(theirs)))
    return found


def notices(*, now: datetime) -> list[Appointment]:
    """Visits from now on that stand in time off or outside hours: kept knowingly perhaps, no fault of the
    schedule."""
    return stranding.stranded(list(Doctor.objects.order_by().values_list("pk", flat=True)), now=now)


def repair(problem: ScheduleProblem) -> bool:
    """Make the claims of one appointment exactly its grains, where no human choice is involved.

    False, with nothing changed, where its time is held by another visit: a person has to choose between them.
    Also where somebody is changing the appointment at this moment: look again. Its version goes up by one.
    """
    try:
        return _repair(problem.appointment)
    except IntegrityError:
        return False


def repair_all(*, now: datetime) -> list[UUID]:
    """Repair all that can be, and answer with the appointments set right. What one wrongly held, another may
    need: so again while something is set right."""
    mended: list[UUID] = []
    while True:
        broken = {problem.appointment: problem for problem in problems(now=now)}
        done = [uuid for uuid, problem in broken.items() if uuid not in mended and repair(problem)]
        if not done:
            return mended
        mended += done


@in_one_transaction
def _repair(uuid: UUID) -> bool:
    appointment = Appointment.objects.get(uuid=uuid)
    # A move at the same time would claim elsewhere: its UPDATE and this one cannot both find the version.
    unchanged = Appointment.objects.filter(pk=appointment.pk, version=appointment.version)
    if unchanged.update(version=appointment.version + 1) != 1:
        return False
    held = list(Claim.objects.filter(appointment=appointment))
    visit = grid.grains(appointment.appointment_datetime, appointment.minutes)
    lanes = {claim.lane for claim in held}
    of_visit = {claim.patient_id for claim in held if claim.grain in visit}
    records.release(appointment)
    if appointment.holds_time:
        lane = lanes.pop() if len(lanes) == 1 else NORMAL_LANE
        # An overlap of the patient that was knowingly kept stays so.
        Claim.objects.bulk_create(claims_for(appointment, lane=lane, patient_free=of_visit == {None}))
    return True


def _is_in(span: Interval, appointment: Appointment) -> bool:
    return span.start <= appointment.appointment_datetime < span.end


def _sorted(claims: list[Claim]) -> tuple[int, ...]:
    return tuple(sorted(claim.grain for claim in claims))


def _deviations(appointment: Appointment, claims: list[Claim]) -> Iterator[ScheduleProblem]:
    wanted = grains_of(appointment)
    missing = sorted(set(wanted) - {claim.grain for claim in claims})
    if missing:
        yield ScheduleProblem(appointment.uuid, "missing", tuple(missing))
    extra = [claim for claim in claims if claim.grain not in wanted]
    if extra:
        yield ScheduleProblem(appointment.uuid, "extra", _sorted(extra))
    visit = grid.grains(appointment.appointment_datetime, appointment.minutes)
    lanes = {claim.lane for claim in claims}
    # All of the visit is the patient's, or (an overlap knowingly kept) none of it; the buffer never is.
    in_visit = {claim.patient_id for claim in claims if claim.grain in visit}
    foreign = [c for c in claims if c.doctor_id != appointment.doctor_id]
    foreign += [c for c in claims if c.patient_id not in {None, appointment.patient_id}]
    foreign += [c for c in claims if c.grain not in visit and c.patient_id is not None and c not in extra]
    if not foreign and (len(lanes) > 1 or len(in_visit) > 1):
        foreign = claims
    if foreign:
        yield ScheduleProblem(appointment.uuid, "foreign", _sorted(foreign))
