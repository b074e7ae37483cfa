"""Whether anything on a board has changed: one tiny statement, however many visits there are."""

from datetime import datetime, timedelta
from hashlib import blake2b
from typing import Final

from django.db import connection
from django.db.models.expressions import RawSQL

from scheduling.models.visit_types import LONGEST_VISIT
from scheduling.times import grid
from scheduling.times.intervals import Interval

# Each row becomes a number below 2**31 whose square is taken: other rows with the same sum of keys or of
# versions then come to another total. Every product stays below 2**63.
_ROW: Final = "((id * 2654435761 + ({value}) * 40503) %% 2147483647)"
_TOTAL: Final = f"COALESCE(SUM({_ROW} * {_ROW} %% 2147483629), 0)"
_IN_SPAN: Final = "appointment_datetime >= %s AND appointment_datetime < %s"
_TOUCHING: Final = "ends_at > %s AND starts_at < %s"

# In SQL of our own: every open board asks it every few seconds, and the ORM takes ten times as long to
# put it together as the database to answer. What is asked, of which table, where.
_MARKS: Final = (
    # Every change of a visit raises its version; one that comes or goes changes the total, in whatever order
    # the clocks of two servers put them.
    (_TOTAL.format(value="version + patient_id"), "appointments", _IN_SPAN),
    ("COALESCE(MAX(updated_at), '')", "appointments", _IN_SPAN),
    # Hours and time off are added and removed and never changed in place: their keys tell.
    (_TOTAL.format(value="0"), "time_off", _TOUCHING),
    (_TOTAL.format(value="0"), "extra_hours", _TOUCHING),
    ("COUNT(*)", "working_hours", "id > 0"),
    ("COALESCE(MAX(id), 0)", "working_hours", "id > 0"),
    (_TOTAL.format(value="specialty_id"), "doctors", "is_active"),
    (_TOTAL.format(value="minutes"), "visit_types", "is_active"),
)
_VALUES: Final = [f"(SELECT {what} FROM {table} WHERE {where})" for what, table, where in _MARKS]  # noqa: S608


def marks(span: Interval) -> RawSQL:
    """What a token is made of, as one value for `annotate`: so it costs a page no statement of its own."""
    return RawSQL(*_statement(span))  # noqa: S611  (constants above, and two parameters)


def token(span: Interval, now: datetime) -> str:
    """The token of the boards of a span as they are: 1 query."""
    statement, parameters = _statement(span)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {statement}", parameters)
        (found,) = cursor.fetchone()
    return token_of(found, span, now)


def token_of(found: str, span: Interval, now: datetime) -> str:
    """The token from the value of `marks`. Hashed, so that no key can be read out of it.

    While the span is under way its board changes every 5 minutes by itself: free starts become past.
    """
    passed = grid.grain_of(now) if span.start <= now < span.end else 0
    return blake2b(f"{span.start} {span.end} {passed} {found}".encode(), digest_size=12).hexdigest()


def _statement(span: Interval) -> tuple[str, list[str | None]]:
    # A visit of the evening before may go on into the span.
    evening = span.start - timedelta(minutes=LONGEST_VISIT)
    first, last, before = (connection.ops.adapt_datetimefield_value(at) for at in (*span, evening))
    given = {_IN_SPAN: [before, last], _TOUCHING: [first, last]}
    parameters = [bound for _what, _table, where in _MARKS for bound in given.get(where, [])]
    if connection.vendor == "sqlite":
        return " || ' ' || ".join(_VALUES), parameters
    return f"CONCAT_WS(' ', {', '.join(_VALUES)})", parameters
