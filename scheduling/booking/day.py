"""What is known about a doctor's time, gathered before rules and openings look at it."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from zoneinfo import ZoneInfo

from django.conf import settings

from scheduling.booking.proposal import NewPatient, Proposal
from scheduling.models import NORMAL_LANE, Claim, Doctor, WorkingHours
from scheduling.times import clinic_day, grid, intervals
from scheduling.times.intervals import Interval


@dataclass(frozen=True)
class Day:
    """The clinic day, or days, that a proposal touches."""

    has_hours: bool  # whether any working hours were ever recorded for the doctor
    open: Sequence[Interval]  # merged, ascending
    doctor_taken: frozenset[int]  # grains of the normal lane
    patient_taken: frozenset[int]  # grains


def clinic_zone() -> ZoneInfo:
    return ZoneInfo(settings.CLINIC_TIME_ZONE)


def load(proposal: Proposal) -> Day:
    """The facts around a proposal: 2 queries for a new patient, 3 for one on record."""
    zone = clinic_zone()
    first = clinic_day.whole_day(clinic_day.day_of(proposal.start, zone), zone)
    last = clinic_day.whole_day(clinic_day.day_of(proposal.time.end, zone), zone)
    rules = list(WorkingHours.objects.filter(doctor=proposal.doctor))
    wanted = grid.grains(proposal.start, proposal.minutes)
    during = Claim.objects.filter(grain__gte=wanted.start, grain__lt=wanted.stop)
    patient_taken: Iterable[int] = ()
    if not isinstance(proposal.patient, NewPatient):
        patient_taken = during.filter(patient=proposal.patient).values_list("grain", flat=True)
    return Day(
        has_hours=bool(rules),
        open=_opened(rules, Interval(first.start, last.end), zone),
        doctor_taken=frozenset(
            during.filter(doctor=proposal.doctor, lane=NORMAL_LANE).values_list("grain", flat=True)
        ),
        patient_taken=frozenset(patient_taken),
    )


def open_hours(doctors: Sequence[Doctor], span: Interval) -> Mapping[int, list[Interval]]:
    """When each doctor (by key) works within the span, merged and ascending: 1 query. None: no entry."""
    by_doctor: dict[int, list[WorkingHours]] = defaultdict(list)
    for rule in WorkingHours.objects.filter(doctor__in=doctors):
        by_doctor[rule.doctor_id].append(rule)
    zone = clinic_zone()
    return {doctor: _opened(rules, span, zone) for doctor, rules in by_doctor.items()}


def taken(doctors: Sequence[Doctor], span: Interval) -> Mapping[int, list[Interval]]:
    """When each doctor's normal lane is claimed within the span: 1 query, by primary-key range."""
    first, last = grid.grain_of(span.start), grid.grain_of(span.end - timedelta(microseconds=1))
    by_doctor: dict[int, list[Interval]] = defaultdict(list)
    claims = Claim.objects.filter(doctor__in=doctors, grain__gte=first, grain__lte=last, lane=NORMAL_LANE)
    for doctor, grain in claims.values_list("doctor_id", "grain"):
        by_doctor[doctor].append(Interval(grid.instant_of(grain), grid.instant_of(grain + 1)))
    return by_doctor


def _opened(rules: Iterable[WorkingHours], span: Interval, zone: ZoneInfo) -> list[Interval]:
    """Weekly wall-clock rules as UTC intervals, for each date that the span touches."""
    day = clinic_day.day_of(span.start, zone)
    last = clinic_day.day_of(span.end - timedelta(microseconds=1), zone)
    found: list[Interval] = []
    rules = list(rules)
    while day <= last:
        for rule in rules:
            begun = rule.valid_from is None or rule.valid_from <= day
            over = rule.valid_until is not None and rule.valid_until < day
            if rule.weekday == day.weekday() and begun and not over:
                opened = clinic_day.span(day, rule.starts, rule.ends, zone)
                if opened is not None:
                    found.append(opened)
        day += timedelta(days=1)
    return intervals.merged(found)
