"""What a patient gets about one visit: what goes out next and when, what has gone out, and why something did
not. Values for pages; they are found by the same decisions by which it is sent."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from django.conf import settings as site
from django.db.models import Prefetch

from scheduling.models import (
    Appointment,
    Message,
    MessageSettings,
    Notice,
    Patient,
    UnreachableAddress,
)
from scheduling.models.notices import AT_MOST_ONCE
from scheduling.notices.channels.base import Channel
from scheduling.notices.hours import SendingHours
from scheduling.notices.reminders import Rhythms, got_their_time
from scheduling.notices.telling import AWAITED, LONGEST_LATE, Decision, Told, decide, is_unwanted, way_to
from scheduling.notices.whose import FORMER, language_of, reader_of

State = Notice.State
Why = Notice.Why
Kind = Notice.Kind
# The patient lacks nothing by these: they are no news to whoever looks at the visit.
NOTHING_LOST: Final = frozenset({Why.OVERTAKEN, Why.NOTHING_NEW, Why.ALREADY, Why.CALLED_OFF})
UNDERWAY: Final = frozenset({State.DUE, State.SENDING})


@dataclass(frozen=True)
class Way:
    """How a patient is reached, or why not (`why`, a value of `Notice.Why`)."""

    language: str  # a code of settings.LANGUAGES
    channel: Channel | None = None
    to: str = ""
    why: Why | None = None
    broken: Collection[str] = ()  # addresses at which nothing arrives


@dataclass(frozen=True)
class Coming:
    """One thing that goes out, or would if there were a way (`why`)."""

    kind: Notice.Kind
    at: datetime  # aware: when it is due, in the hours for sending
    days_before: int = 0  # of a reminder
    notice: Notice | None = None  # its row; a reminder has none before it is due
    told: Told | None = None
    why: Why | None = None

    @property
    def is_reminder(self) -> bool:
        return self.kind in AT_MOST_ONCE

    @property
    def is_being_sent(self) -> bool:
        return self.notice is not None and self.notice.state == State.SENDING


@dataclass(frozen=True)
class Outlook:
    """The messages about one visit."""

    visit: Appointment
    way: Way
    coming: Sequence[Coming]  # the next first
    left_out: Sequence[int]  # days before the visit of reminders for which it was given its time too late
    past: Sequence[Notice]  # sent, failed, or not sent though it would have been of use; the newest first
    useful: Collection[int]  # keys of those of them that were held back and may be sent after all
    again: Why | None  # why what is true now cannot be sent again; None: it can
    copies: int  # how often something was sent again
    sends_now: bool  # it is in the hours for sending

    @property
    def next(self) -> Coming | None:
        return next((one for one in self.coming if one.why is None), None)

    @property
    def failed(self) -> bool:
        """Whether the newest thing that was to be told did not arrive."""
        newest = next((row for row in self.past if row.kind not in AT_MOST_ONCE), None)
        return newest is not None and newest.state == State.FAILED


def of(visit: Appointment, *, now: datetime) -> Outlook | None:
    """The messages about a visit (with its people); None where this clinic writes to nobody. 6 statements at
    most, however many there were; none where it writes to nobody."""
    if not site.NOTICE_CHANNELS:
        return None
    settings = MessageSettings.current()
    found = list(
        Notice.objects.filter(appointment=visit)
        .select_related("message", FORMER, "settled_by")
        .prefetch_related("replies")
        .order_by("pk")
    )
    broken = _broken(visit.patient, (reader_of(row, visit) for row in found))
    return _Reading(visit, found, settings, broken, now).outlook()


def of_many(visits: Sequence[Appointment], *, now: datetime) -> Mapping[int, Coming | Notice]:
    """Of each visit (with its people), by key: what is about to go out about its last change, else what last
    became of it. 3 statements; visits about which nothing was ever to be told are missing."""
    if not site.NOTICE_CHANNELS or not visits:
        return {}
    settings = MessageSettings.current()
    rows: dict[int, list[Notice]] = {}
    notices = Notice.objects.filter(appointment__in=visits).select_related(FORMER).order_by("pk")
    for row in notices:
        rows.setdefault(row.appointment_id, []).append(row)
    if not rows:
        return {}
    patients = {visit.patient_id for visit in visits}
    marked = UnreachableAddress.objects.filter(patient__in=patients).values_list("patient", "address")
    broken = frozenset(marked)
    found: dict[int, Coming | Notice] = {}
    for visit in visits:
        reading = _Reading(visit, rows.get(visit.pk, []), settings, broken, now)
        if (last := reading.last_change()) is not None:
            found[visit.pk] = last
    return found


def way_of(patient: Patient, *, settings: MessageSettings | None = None) -> Way:
    """How a patient is reached. 1 statement, and 1 more where the settings are not given."""
    return _way(patient, settings or MessageSettings.current(), _broken(patient, ()))


def ways_of(patients: Collection[Patient]) -> Mapping[int, Way]:
    """How each of them is reached, by key; {} where this clinic writes to nobody. 2 statements."""
    if not site.NOTICE_CHANNELS or not patients:
        return {}
    settings = MessageSettings.current()
    marked = UnreachableAddress.objects.filter(patient__in={patient.pk for patient in patients})
    broken = frozenset(marked.values_list("patient", "address"))
    return {patient.pk: _way(patient, settings, broken) for patient in patients}


def latest(patient: Patient, count: int) -> list[Message]:
    """The last messages to a patient, the newest first, each with its notices and their visits: 2
    statements."""
    notices = Notice.objects.select_related("appointment", "former_patient").order_by("pk")
    return list(
        Message.objects.filter(patient=patient)
        .defer("text", "html")
        .prefetch_related(Prefetch("notices", notices))[:count]
    )


@dataclass(frozen=True)
class _Reading:
    """A visit and all that decides what becomes of its notices, as stored at one moment."""

    visit: Appointment
    notices: Sequence[Notice]
    settings: MessageSettings
    broken: frozenset[tuple[int, str]]
    now: datetime

    def outlook(self) -> Outlook:
        reminders, left_out = self._reminders()
        coming = sorted([*self._due(), *reminders], key=lambda one: one.at)
        past = sorted(
            (row for row in self.notices if row.state not in UNDERWAY and row.why not in NOTHING_LOST),
            key=lambda row: (row.sent_at or row.due_at, row.pk),
            reverse=True,
        )
        again = self._again(coming)
        return Outlook(
            visit=self.visit,
            way=_way(self.visit.patient, self.settings, self.broken),
            coming=coming,
            left_out=left_out,
            past=past,
            useful=frozenset(row.pk for row in past if self._is_useful(row)),
            again=again if isinstance(again, Why) else None,
            copies=max((row.copy for row in self.notices), default=0),
            sends_now=self._hours.has(self.now),
        )

    def last_change(self) -> Coming | Notice | None:
        due = [one for one in self._due() if not one.is_reminder]
        if due:
            return due[-1]
        told = [
            row
            for row in self.notices
            if row.kind not in AT_MOST_ONCE
            and row.former_patient_id is None
            and row.why not in NOTHING_LOST
            and row.state not in UNDERWAY
        ]
        return max(told, key=lambda row: (row.version, row.copy, row.pk), default=None)

    @property
    def _hours(self) -> SendingHours:
        return SendingHours.of(self.settings)

    def _decide(self, notice: Notice, at: datetime) -> Decision:
        return decide(
            notice, self.visit, self.notices, settings=self.settings, unreachable=self.broken, now=at
        )

    def _due(self) -> Iterable[Coming]:
        """What is in the outbox, as it would be decided when it goes."""
        for row in self.notices:
            if row.state not in UNDERWAY:
                continue
            at = self._hours.first_from(max(row.due_at, self.now))
            found = self._decide(row, at)
            if isinstance(found, Told):
                yield Coming(found.kind, at, row.days_before, row, found)
            elif found not in NOTHING_LOST:
                yield Coming(Kind(row.kind), at, row.days_before, row, why=found)

    def _reminders(self) -> tuple[list[Coming], list[int]]:
        """Those that are still ahead, and of which days there are none because the visit is sooner. 2
        statements, where any is ahead."""
        visit, start = self.visit, self.visit.appointment_datetime
        if visit.status not in AWAITED or start <= self.now:
            return [], []
        rhythms = Rhythms.current(self.settings)
        given = got_their_time([visit]).get(visit.pk, visit.created_at)
        known = {
            row.days_before for row in self.notices if row.kind in AT_MOST_ONCE and row.starts_at == start
        }
        ahead, left_out = [], []
        for days in rhythms.of(visit):
            due = rhythms.due_at(start, days)
            if days in known:
                continue
            if given >= due:
                left_out.append(days)
            elif due > self.now - LONGEST_LATE:
                kind = rhythms.kind_of(visit, days)
                at = self._hours.first_from(max(due, self.now))  # it is found within minutes
                why = is_unwanted(visit.patient, kind, self.settings) or self._no_way
                ahead.append(Coming(kind, at, days, why=why))
        return ahead, left_out

    @property
    def _no_way(self) -> Why | None:
        return _way(self.visit.patient, self.settings, self.broken).why

    def _is_useful(self, row: Notice) -> bool:
        """Whether one that was held back would tell something, if it were sent after all."""
        if row.why != Why.HELD_BACK:
            return False
        if row.kind in AT_MOST_ONCE:
            is_of_now = row.starts_at == self.visit.appointment_datetime
            return is_of_now and self.visit.status in AWAITED and row.starts_at > self.now
        return isinstance(self._decide(row, self._hours.first_from(self.now)), Told)

    def _again(self, coming: Sequence[Coming]) -> Decision:
        """What is true now, told again; "overtaken" where something is about to tell it."""
        if any(one.why is None and not one.is_reminder for one in coming):
            return Why.OVERTAKEN
        row = Notice(appointment=self.visit, version=self.visit.version, kind=Kind.CONFIRMED, copy=1)
        return self._decide(row, self._hours.first_from(self.now))


def _broken(patient: Patient, others: Iterable[Patient]) -> frozenset[tuple[int, str]]:
    patients = {patient.pk, *(other.pk for other in others)}
    marked = UnreachableAddress.objects.filter(patient__in=patients).values_list("patient", "address")
    return frozenset(marked)


def _way(patient: Patient, settings: MessageSettings, broken: frozenset[tuple[int, str]]) -> Way:
    own_broken = sorted(to for key, to in broken if key == patient.pk)
    why, found = is_unwanted(patient, Kind.CONFIRMED, settings), way_to(patient, broken)
    way = Way(language_of(patient), why=why, broken=own_broken)
    if isinstance(found, Why):
        return replace(way, why=why or found)
    channel, to = found
    return replace(way, channel=channel, to=to)
