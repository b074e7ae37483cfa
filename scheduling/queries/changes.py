"""Whether anything on a board has changed: one tiny statement, however many visits there are."""

from collections.abc import Mapping
from hashlib import blake2b
from typing import Any, Final, TypeAlias

from django.db.models import BigIntegerField, Count, F, Max, QuerySet, Subquery, Sum, Value
from django.db.models.expressions import Combinable

from scheduling.models import Appointment, Doctor, ExtraHours, TimeOff, VisitType, WorkingHours
from scheduling.times.intervals import Interval

# Each row becomes a number below 2**31 whose square is taken: other rows with the same sum of keys or of
# versions then come to another total. Every product stays below 2**63.
KEYS: Final = 2_654_435_761
VALUES: Final = 40_503
BELOW: Final = 2_147_483_647
SQUARES_BELOW: Final = 2_147_483_629

Marks: TypeAlias = Mapping[str, Subquery]


def marks(span: Interval) -> Marks:
    """What a token is made of: scalar subqueries, so that they cost a page no statement of their own.

    Every change of a visit raises its version, and a visit that comes or goes changes the total, in whatever
    order the clocks of two servers put them. Weekly hours, extra hours and time off are added and removed and
    never changed in place, so their number and newest key, or the total of their keys, tell.
    """
    visits = Appointment.objects.starting_in(span)
    return {
        "visits_total": _total(visits, F("version") + F("patient_id")),
        "visits_changed": _one(visits, Max("updated_at")),
        "off_total": _total(TimeOff.objects.touching(span), Value(0)),
        "extra_total": _total(ExtraHours.objects.touching(span), Value(0)),
        "weekly_count": _one(WorkingHours.objects.all(), Count("pk")),
        "weekly_newest": _one(WorkingHours.objects.all(), Max("pk")),
        "doctors_total": _total(Doctor.objects.active(), F("specialty_id")),
        "types_total": _total(VisitType.objects.active(), F("minutes")),
    }


def token(span: Interval) -> str:
    """The token of the boards of a span as of now: 1 query."""
    names = list(marks(span))
    row = Doctor.objects.order_by().annotate(**marks(span)).values(*names).first()
    return token_of(row or {}, span)


def token_of(row: Mapping[str, Any], span: Interval) -> str:
    """The token from the values of `marks`. Hashed, so that no key can be read out of it."""
    said = [f"{span.start} {span.end}", *(f"{name} {row.get(name)}" for name in marks(span))]
    return blake2b("\n".join(said).encode(), digest_size=12).hexdigest()


def _total(rows: QuerySet[Any], value: Combinable) -> Subquery:
    scattered = (F("id") * KEYS + value * VALUES) % BELOW
    return _one(rows, Sum(scattered * scattered % SQUARES_BELOW, output_field=BigIntegerField()))


def _one(rows: QuerySet[Any], value: Sum | Max | Count) -> Subquery:
    return Subquery(rows.order_by().values(of_all=Value(1)).annotate(one=value).values("one"))
