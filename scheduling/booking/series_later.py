"""What is done with visits of a series in one commit, and taken back in one: all of them or none."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Final
from uuid import UUID

from django.db import IntegrityError
from django.utils.translation import gettext as _

from accounts.models import User
from scheduling.booking import changing, editing, rules, together
from scheduling.booking.change import Change
from scheduling.booking.conflicts import problem_of
from scheduling.booking.edits import Edit
from scheduling.booking.records import Stale
from scheduling.booking.rules import Problem, Refused
from scheduling.booking.seen import Seen
from scheduling.booking.together import Move, NotTogether, Overtaken, all_or_none
from scheduling.booking.transactions import in_one_transaction
from scheduling.models import Appointment, AppointmentEvent, Doctor

EventKind = AppointmentEvent.Kind
TAKEN_BACK: Final = (EventKind.CANCELLED, EventKind.MOVED, EventKind.EDITED)


def edit_all(
    visits: Sequence[Seen],
    asked: Edit,
    *,
    series: UUID,
    by: User | None,
    now: datetime,
    keep_lengths: bool = False,
) -> list[Appointment]:
    """Correct the visits alike, all of them or none; what is so already writes nothing. `keep_lengths`: each
    keeps the minutes that it has, whatever its new type brings. Raises `NotTogether` and
    Appointment.DoesNotExist."""
    return all_or_none(partial(_edited, visits, asked, series, Change(by=by, now=now), keep_lengths))


@in_one_transaction
def _edited(
    visits: Sequence[Seen], asked: Edit, series: UUID, change: Change, keep_lengths: bool
) -> list[Appointment]:
    facts = {"series": str(series)}
    lengths = _lengths(visits) if keep_lengths else {}

    def of(seen: Seen) -> Edit:
        return replace(asked, minutes=lengths.get(seen.uuid)) if keep_lengths else asked

    return _each(
        visits,
        lambda seen: editing.corrected(seen, of(seen), change, facts=facts),
        lambda error: editing.just_taken(error, asked),
    )


def _lengths(visits: Sequence[Seen]) -> dict[UUID, int]:
    rows = Appointment.objects.filter(uuid__in=[one.uuid for one in visits]).order_by()
    return dict(rows.values_list("uuid", "minutes"))


def undo_all(visits: Sequence[Seen], *, by: User | None, now: datetime) -> list[Appointment]:
    """Take back what was done with visits of a series in one commit, all or none: each in the version that it
    left. Their times are claimed again, which can fail.

    Asked twice, it answers with them as they stand. Raises as `edit_all`, and `Refused` where they were not
    changed together. A cancellation needs the right of `actions.undo`.
    """
    events = _events(visits)
    kinds = {event.kind for event in events.values()}
    if len(kinds) != 1 or len(events) < len(visits):
        raise Refused(_nothing_done_together())
    change = Change(by=by, now=now)
    if kinds == {EventKind.MOVED}:
        return together.move_back(_places(visits, events), change, series=_series_of(events))
    return all_or_none(partial(_taken_back, visits, kinds.pop(), change))


def _nothing_done_together() -> Problem:
    return Problem("nothing_to_undo", "", _("There is no change of several visits to undo."))


def _series_of(events: Mapping[UUID, AppointmentEvent]) -> UUID:
    return UUID(next(iter(events.values())).after["series"])


def _events(visits: Sequence[Seen]) -> dict[UUID, AppointmentEvent]:
    """By which of them each came to its version, of those that were done together and can be taken back."""
    versions = {one.uuid: one.version for one in visits}
    rows = AppointmentEvent.objects.filter(appointment__uuid__in=versions, kind__in=TAKEN_BACK)
    return {
        event.appointment.uuid: event
        for event in rows.select_related("appointment").order_by("appointment", "version")
        if event.is_joint and event.version == versions[event.appointment.uuid]
    }


def _places(visits: Sequence[Seen], events: Mapping[UUID, AppointmentEvent]) -> list[Move]:
    """Where they stood."""
    wanted = {events[one.uuid].before["doctor"] for one in visits}
    doctors = {str(row.uuid): row for row in Doctor.objects.filter(uuid__in=wanted)}
    places = [(one, events[one.uuid].before) for one in visits]
    return [
        Move(seen=one, doctor=doctors[was["doctor"]], start=datetime.fromisoformat(was["start"]))
        for one, was in places
    ]


@in_one_transaction
def _taken_back(visits: Sequence[Seen], kind: str, change: Change) -> list[Appointment]:
    if kind == EventKind.EDITED:
        return _each(
            visits,
            lambda seen: editing.taken_back(seen, change),
            lambda error: editing.just_taken(error, Edit()),
        )
    return _each(
        visits,
        lambda seen: changing.taken_back(seen, None, change),
        lambda error: problem_of(error, rules.gone_meanwhile),
    )


def _each(
    visits: Sequence[Seen],
    action: Callable[[Seen], Appointment],
    taken: Callable[[IntegrityError], Problem],
) -> list[Appointment]:
    """Each of them, in the transaction; raises `NotTogether` with all that are refused."""
    done, refused = [], {}
    for seen in visits:
        try:
            done.append(action(seen))
        except Refused as answer:
            refused[seen.uuid] = answer.problems
        except Stale:
            refused[seen.uuid] = (rules.changed_meanwhile(),)
        except IntegrityError as error:
            raise Overtaken(seen.uuid, taken(error)) from error
    if refused:
        raise NotTogether(refused)
    return done
