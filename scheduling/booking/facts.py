"""What is stored about a time: hours, time off and claims, in one statement; `open_time` and `day` make sense
of it.

Its parts are querysets of one shape, whose missing columns are NULL; each row leaves here as what it is.
Three statements were measured instead (MariaDB on the same machine): reading takes 1.27 times as long,
0.14 of the 2.5 ms of a booking, and two more ways to a server that is elsewhere.
"""

from collections.abc import Collection, Iterator, Mapping
from datetime import date, time
from enum import IntEnum
from functools import lru_cache
from typing import Any, Final, NamedTuple, TypeAlias
from uuid import UUID

from django.db import models
from django.db.models import Case, F, Q, QuerySet, Value, When
from django.db.models.functions import Cast

from scheduling.models import Claim, Doctor, ExtraHours, TimeOff, WorkingHours
from scheduling.models.fields import InstantField, UUIDTextField
from scheduling.models.statements import Given, Reading, Row
from scheduling.times.intervals import Interval

NOBODY: Final = 0  # no key: the database counts from 1
ALL: Final = Q()


class Part(IntEnum):
    """Which part of the statement a row comes from."""

    WEEKLY = 0
    EXTRA = 1
    OFF = 2
    DOCTORS_CLAIM = 3
    PATIENTS_CLAIM = 4
    GIVEN = 5


class Weekly(NamedTuple):
    """Weekly hours, by the clinic's clock. A day without a bound is None."""

    doctor_id: int
    weekday: int  # 0 is Monday
    starts: time
    ends: time
    valid_from: date | None
    valid_until: date | None


class Extra(NamedTuple):
    """Extra hours of a doctor."""

    doctor_id: int
    time: Interval


class Off(NamedTuple):
    """Time off; of the whole clinic where `doctor_id` is None. `block`: its uuid, where the desk made it."""

    doctor_id: int | None
    time: Interval
    reason: str
    block: UUID | None = None


class DoctorsClaim(NamedTuple):
    """A grain that the doctor's time is taken in; kept free after a visit where `patient_id` is None."""

    grain: int
    patient_id: int | None


class PatientsClaim(NamedTuple):
    """A grain that the patient's time is taken in."""

    grain: int


class GivenType(NamedTuple):
    """A visit type (key) that is on the list of those that the doctor gives."""

    visit_type_id: int


HoursFact: TypeAlias = Weekly | Extra | Off
BookingFact: TypeAlias = HoursFact | DoctorsClaim | PatientsClaim | GivenType

NUMBER: Final = models.IntegerField()
MOMENT: Final = InstantField()
# In the order in which the kinds of fact take theirs.
TYPES: Final[Mapping[str, models.Field]] = {
    "doctor_id": NUMBER,
    "weekday": NUMBER,
    "starts": models.TimeField(),
    "ends": models.TimeField(),
    "valid_from": models.DateField(),
    "valid_until": models.DateField(),
    "starts_at": MOMENT,
    "ends_at": MOMENT,
    "reason": models.CharField(),
    "block": UUIDTextField(),
    "grain": NUMBER,
    "patient_id": NUMBER,
}


def of_hours(doctors: Collection[int], span: Interval) -> Iterator[HoursFact]:
    """All weekly hours of the doctors (keys); their extra hours and time off, and the clinic's, that touch
    the span. 1 query."""
    given = {"first": span.start, "last": span.end, **_each("doctor", doctors)}
    return map(_hours_fact, _hours(len(doctors)).rows(given))


def of_booking(
    doctor: int, span: Interval, weekdays: Collection[int], *, patient: int, grains: range, moving: int
) -> Iterator[BookingFact]:
    """The same of one doctor, with weekly hours of the weekdays only; the claims on doctor and patient in the
    grains, but those of the appointment that is `moving`; and the types that the doctor gives. All three are
    keys or NOBODY. 1 query."""
    given = {"first": span.start, "last": span.end, **_each("doctor", [doctor]), **_each("weekday", weekdays)}
    given |= {"patient": patient, "from_grain": grains.start, "until_grain": grains.stop, "moving": moving}
    return map(_fact, _hours_and_claims(len(weekdays)).rows(given))


def _hours_fact(row: Row) -> HoursFact:
    part, *columns = row
    if part == Part.WEEKLY:
        return Weekly(*columns[:6])
    doctor, time = columns[0], Interval(*columns[6:8])
    return Extra(doctor, time) if part == Part.EXTRA else Off(doctor, time, *columns[8:10])


def _fact(row: Row) -> BookingFact:
    match row[0]:
        case Part.DOCTORS_CLAIM:
            return DoctorsClaim(*row[-2:])
        case Part.PATIENTS_CLAIM:
            return PatientsClaim(row[-2])
        case Part.GIVEN:
            return GivenType(row[-2])
    return _hours_fact(row)


def _each(name: str, values: Collection[int]) -> dict[str, int]:
    return {f"{name}_{number}": value for number, value in enumerate(values)}


@lru_cache(maxsize=64)
def _hours(doctors: int) -> Reading:
    return Reading(lambda: _together(*_parts_of_hours(doctors)))


@lru_cache(maxsize=7)
def _hours_and_claims(weekdays: int) -> Reading:
    only = Q(weekday__in=Given("weekday", NUMBER, count=weekdays))
    return Reading(lambda: _together(*_parts_of_hours(1, only), *_parts_of_claims(), _given()))


def _together(first: QuerySet, *others: QuerySet) -> QuerySet:
    return first.union(*others, all=True)


def _part(part: Part, rows: QuerySet, *has: str, **as_: str) -> QuerySet:
    """`has`: the columns that its rows have; `as_`: one that they call otherwise."""
    own = {name: name for name in has} | as_
    columns = (
        # MariaDB makes decimals of what is a number without a sign here and NULL there.
        (Cast(own[name], field) if field is NUMBER else name)
        if name in own
        else Value(None, output_field=field)
        for name, field in TYPES.items()
    )
    return rows.order_by().values_list(Value(part.value), *columns)


def _parts_of_hours(doctors: int, weekly: Q = ALL) -> list[QuerySet]:
    theirs = Q(doctor_id__in=Given("doctor", NUMBER, count=doctors))
    first: Any = Given("first", MOMENT)
    last: Any = Given("last", MOMENT)
    span = Interval(first, last)
    rules = WorkingHours.objects.filter(theirs & weekly)
    extra = ExtraHours.objects.touching(span).filter(theirs)
    off = TimeOff.objects.touching(span).filter(theirs | Q(doctor=None))
    off = off.annotate(block=Case(When(is_block=True, then=F("uuid"))))
    return [
        _part(Part.WEEKLY, rules, "doctor_id", "weekday", "starts", "ends", "valid_from", "valid_until"),
        _part(Part.EXTRA, extra, "doctor_id", "starts_at", "ends_at"),
        _part(Part.OFF, off, "doctor_id", "starts_at", "ends_at", "reason", "block"),
    ]


def _parts_of_claims() -> list[QuerySet]:
    """In any lane: what was overbooked keeps its time to itself after the visit beside it is cancelled."""
    first, end = Given("from_grain", NUMBER), Given("until_grain", NUMBER)
    held = Claim.objects.filter(grain__gte=first, grain__lt=end)
    held = held.exclude(appointment_id=Given("moving", NUMBER))
    doctors = held.filter(doctor_id=Given("doctor_0", NUMBER))
    patients = held.filter(patient_id=Given("patient", NUMBER))
    return [
        _part(Part.DOCTORS_CLAIM, doctors, "grain", "patient_id"),
        _part(Part.PATIENTS_CLAIM, patients, "grain", "patient_id"),
    ]


def _given() -> QuerySet:
    through: Any = Doctor.visit_types.through
    theirs = through.objects.filter(doctor_id=Given("doctor_0", NUMBER))
    return _part(Part.GIVEN, theirs, grain="visittype_id")
