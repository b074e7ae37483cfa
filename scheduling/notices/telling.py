"""Whether a notice is still to be told, and what it tells: by the visit as it is when it is sent.

What a change asked to tell may have been overtaken, taken back, or never have been news to this patient.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, TypeAlias

from django.conf import settings as site

from scheduling.booking.outbox import AT_THE_CLINIC, NOBODY_KNOWS, OFF, PENDING, facts_of, news_between
from scheduling.booking.records import snapshot
from scheduling.booking.times_as_text import utc
from scheduling.models import Appointment, MessageSettings, Notice, Patient, Status
from scheduling.models.notices import AT_MOST_ONCE
from scheduling.notices.channels import Channel, reachable
from scheduling.notices.outgoing import News
from scheduling.notices.whose import reader_of, theirs

Why: TypeAlias = Notice.Why
Kind: TypeAlias = Notice.Kind
# Another message has said the same time so shortly before: a reminder would be a nuisance.
JUST_TOLD: Final = timedelta(hours=12)
LONGEST_LATE: Final = timedelta(hours=12)  # later than this a reminder is left out
AWAITED: Final = frozenset({Status.PENDING, Status.CONFIRMED})  # reminders are for these


@dataclass(frozen=True)
class Told:
    """One notice that is to be told: of which kind that is by now, to whom, by which channel."""

    kind: Notice.Kind
    news: News
    patient: Patient
    channel: Channel
    to: str
    facts: Mapping[str, Any]  # what the patient knows then


Decision: TypeAlias = Told | Why
# Of which kind it is, what was known, what is known then.
Found: TypeAlias = tuple[Notice.Kind, Mapping[str, Any], Mapping[str, Any]] | Why


def decide(
    notice: Notice,
    visit: Appointment,
    others: Sequence[Notice],
    *,
    settings: MessageSettings,
    unreachable: frozenset[tuple[int, str]],
    now: datetime,
) -> Decision:
    """What becomes of a notice of a visit (with its people). `others`: all notices of it. `unreachable`:
    (patient, address) where nothing arrives. Asks the database nothing."""
    patient = reader_of(notice, visit)
    others = theirs(others, visit, patient)
    if notice.kind in AT_MOST_ONCE:
        found = _reminder(notice, visit, others, now)
    elif notice.former_patient_id is not None:
        found = _not_theirs(notice, visit, others, now)
    elif notice.copy:
        found = _again(visit, now)
    else:
        found = _change(notice, visit, others, now)
    if isinstance(found, Why):
        return found
    kind, was, facts = found
    if (refused := is_unwanted(patient, kind, settings)) is not None:
        return refused
    way = way_to(patient, unreachable)
    if isinstance(way, Why):
        return way if site.NOTICE_CHANNELS else Why.NO_CHANNEL
    channel, to = way
    return Told(kind, News(notice, visit, was), patient, channel, to, facts)


def _change(notice: Notice, visit: Appointment, others: Sequence[Notice], now: datetime) -> Found:
    """The newest change of a visit tells all that the patient does not know yet; the earlier ones nothing."""
    if any(other.version > notice.version for other in _changes(others)):
        return Why.OVERTAKEN
    if all(other.pk != notice.pk for other in others):
        return Why.OVERTAKEN  # it is somebody else's by now, who never heard of it
    facts = facts_of(snapshot(visit))
    if visit.status in AT_THE_CLINIC:
        return Why.NOTHING_NEW
    was = known(notice, others)
    maybe = may_know(notice, others)
    if maybe and maybe != facts:
        was = maybe  # a message that is no news to who never got that one is better than none
    kind = news_between(was, facts)
    if kind is None:
        return Why.NOTHING_NEW
    if now >= max(_start(facts), _start(was) if was else _start(facts)):
        return Why.TOO_LATE
    return kind, was, facts


def _again(visit: Appointment, now: datetime) -> Found:
    """What is true now, as if nothing had been told."""
    facts = facts_of(snapshot(visit))
    if visit.status in AT_THE_CLINIC:
        return Why.NOTHING_NEW
    if visit.appointment_datetime <= now:
        return Why.TOO_LATE
    if facts["standing"] == OFF:
        return Kind.CANCELLED, facts, facts
    return what_is_true(visit), NOBODY_KNOWS, facts


def what_is_true(visit: Appointment) -> Notice.Kind:
    """Of which kind a message is that tells how a visit stands."""
    kinds = {OFF: Kind.CANCELLED, PENDING: Kind.RECEIVED}
    return kinds.get(facts_of(snapshot(visit))["standing"], Kind.CONFIRMED)


def _not_theirs(notice: Notice, visit: Appointment, others: Sequence[Notice], now: datetime) -> Found:
    """Who was told of a visit that turned out to be somebody else's is told that it is none of theirs, unless
    it is theirs again: by another correction, or because both records were one person's."""
    if reader_of(notice, visit).pk == visit.patient_id:
        return Why.NOTHING_NEW
    if any(other.former_patient_id is not None and other.version > notice.version for other in others):
        return Why.OVERTAKEN
    before = [other for other in others if other.version < notice.version]
    was = known(notice, before, is_told=True)
    if not was or was["standing"] == OFF:
        was = may_know(notice, before)
    if not was or was["standing"] == OFF:
        return Why.NOTHING_NEW
    if now >= _start(was):
        return Why.TOO_LATE
    return Kind.CANCELLED, was, {**was, "standing": OFF}


def _reminder(notice: Notice, visit: Appointment, others: Sequence[Notice], now: datetime) -> Found:
    if visit.status not in AWAITED:
        return Why.CALLED_OFF
    if visit.appointment_datetime != notice.starts_at:
        return Why.OVERTAKEN
    start = utc(visit.appointment_datetime)
    for other in others:
        is_of_it = other.kind in AT_MOST_ONCE and other.starts_at == notice.starts_at
        # One nearer to the visit has said the same.
        is_enough = other.days_before <= notice.days_before and other.sent_at is not None
        if other.pk != notice.pk and is_of_it and is_enough:
            return Why.ALREADY
        if other.sent_at and now - other.sent_at < JUST_TOLD and other.told.get("start") == start:
            return Why.ALREADY
    # Of no use once the next reminder would be due, or the visit has begun.
    if now >= visit.appointment_datetime or now - notice.created_at > LONGEST_LATE:
        return Why.TOO_LATE
    facts = facts_of(snapshot(visit))
    return Kind(notice.kind), facts, facts


def known(notice: Notice, others: Iterable[Notice], *, is_told: bool = False) -> Mapping[str, Any]:
    """What the patient knows of the visit before this notice: as last told, or else as it was before the
    first change that was not told. {}: nothing. `others`: those that were for them. `is_told`: by messages
    alone, as it is where the visit was not theirs before the change."""
    is_told = is_told or not notice.was
    earliest: Mapping[str, Any] = NOBODY_KNOWS if is_told else notice.was
    for other in sorted(
        _all_but(notice, others), key=lambda one: (one.version, one.copy, one.pk), reverse=True
    ):
        told: Mapping[str, Any] = other.told
        if told:
            return told
        if is_told or other.kind in AT_MOST_ONCE or other.copy or other.former_patient_id is not None:
            continue
        is_told, earliest = not other.was, other.was
    return earliest


def may_know(notice: Notice, others: Iterable[Notice]) -> Mapping[str, Any]:
    """What another message has said that may have arrived, since the last one that did; {}: none."""
    found: Mapping[str, Any] = {}
    for other in sorted(_all_but(notice, others), key=lambda one: (one.version, one.copy, one.pk)):
        if other.former_patient_id is None and (other.told or other.may_know or not other.was):
            found = other.may_know
    return found


def _all_but(notice: Notice, others: Iterable[Notice]) -> Iterable[Notice]:
    return (other for other in others if other.pk != notice.pk)


def _changes(notices: Iterable[Notice]) -> Iterable[Notice]:
    """Those that changes of the visit have asked for."""
    return (
        one
        for one in notices
        if one.kind not in AT_MOST_ONCE and one.copy == 0 and one.former_patient_id is None
    )


def way_to(patient: Patient, unreachable: Collection[tuple[int, str]]) -> tuple[Channel, str] | Why:
    """The channel by which a patient is reached, and the address; or why there is none."""
    ways = reachable(patient)
    working = [(channel, to) for channel, to in ways if (patient.pk, to) not in unreachable]
    if not working:
        return Why.UNREACHABLE if ways else Why.NO_ADDRESS
    return working[0]


def is_unwanted(patient: Patient, kind: Notice.Kind, settings: MessageSettings) -> Why | None:
    """Why a patient gets no message of a kind; None: they do."""
    if patient.may_contact is False or (patient.may_contact is None and not settings.writes_to_unasked):
        return Why.NO_CONSENT if patient.may_contact is False else Why.NOT_ASKED
    if kind in AT_MOST_ONCE and not patient.wants_reminders:
        return Why.NO_REMINDERS
    return None


def _start(facts: Mapping[str, Any]) -> datetime:
    return datetime.fromisoformat(facts["start"])
