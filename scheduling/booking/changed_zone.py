"""When the clinic goes by the clocks of another zone than before: what was typed by the old ones.

Time off and extra hours are stored as instants, and would begin and end at other times on the new clocks.
Weekly hours go by the wall clock and need nothing. Visits stay at their instants: patients were told a time,
by the old clock or the new one, and only a person knows by which.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from scheduling.booking import hours_lock, record_events
from scheduling.booking.change import Change
from scheduling.booking.hours import ADDED, REMOVED, span_facts
from scheduling.booking.transactions import in_one_transaction
from scheduling.clock import clinic_zone
from scheduling.models import Doctor, ExtraHours, TimeOff
from scheduling.times import clinic_day, possible
from scheduling.times.intervals import Interval

Row = TimeOff | ExtraHours


@dataclass(frozen=True)
class Moved:
    """A row that is not over, and the same wall-clock time in the clinic's zone; None: no such time there."""

    row: Row
    span: Interval | None


def by_other_clocks(*, now: datetime) -> list[Moved]:
    """Time off and extra hours that are not over (at `now`, aware) and were typed in another zone, by time: 2
    queries."""
    zone = clinic_zone()
    rows = [*_rows(TimeOff, zone, now), *_rows(ExtraHours, zone, now)]
    return [Moved(row, same_on_the_clock(row, zone)) for row in sorted(rows, key=lambda row: row.starts_at)]


def same_on_the_clock(row: Row, zone: ZoneInfo) -> Interval | None:
    """When the clocks of `zone` show what those of the row's own zone show; whole days stay whole."""
    own = ZoneInfo(row.time_zone)
    starts, ends = row.starts_at.astimezone(own), row.ends_at.astimezone(own)
    first, last = starts.date(), (row.ends_at - timedelta(microseconds=1)).astimezone(own).date()
    begins, until = starts.replace(tzinfo=None), ends.replace(tzinfo=None)
    if row.starts_at == clinic_day.whole_day(first, own).start:
        begins = datetime.combine(first, time.min)
    if row.ends_at == clinic_day.whole_day(last, own).end:
        until = datetime.combine(last + timedelta(days=1), time.min)
    return clinic_day.between(begins, until, zone)


@in_one_transaction
def move_along(*, now: datetime) -> list[Moved]:
    """Let all of them hold at their wall-clock times again, and say so in their histories. What has no such
    time in the new zone stays as it is, and is in the answer too."""
    hours_lock.take(list(Doctor.objects.order_by().values_list("pk", flat=True)))
    found = by_other_clocks(now=now)
    for moved in found:
        if moved.span is not None:
            _move(moved.row, moved.span, now)
    return found


def _move(row: Row, span: Interval, now: datetime) -> None:
    """As a row of its own, with the same identity: a board that is open sees by the keys that it changed."""
    model, zone = type(row), clinic_zone().key
    change = Change(by=None, now=now, reason=f"{row.time_zone} > {zone}")
    record_events.record_event(row.doctor, REMOVED[model], change, before=span_facts(row))
    model.objects.filter(pk=row.pk).delete()
    values = {"starts_at": span.start, "ends_at": span.end, "time_zone": zone, "doctor": row.doctor}
    if isinstance(row, TimeOff):
        values |= {"reason": row.reason, "is_block": row.is_block}
    new = model.objects.create(uuid=row.uuid, **values)
    record_events.record_event(row.doctor, ADDED[model], change, after=span_facts(new))


def _rows(model: type[Row], zone: ZoneInfo, now: datetime) -> Iterator[Row]:
    # What ends at a date that can't be has no time on any clock.
    coming = model._default_manager.filter(ends_at__gt=now, ends_at__lt=possible.INSTANTS.end)
    rows = coming.exclude(time_zone__in=["", zone.key])
    yield from rows.select_related("doctor")
