"""Whether a notice is still to be told, and what it tells: by the visit as it is when it is sent.

What a change asked to tell may have been overtaken, taken back, or never have been news to this patient.
"""

from collections.abc import Iterable, Mapping, Sequence
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

Why: TypeAlias = Notice.Why
Kind: TypeAlias = Notice.Kind
JUST_TOLD: Final = timedelta(
    hours=12
)  # another message has said the same time: a reminder would be a nuisance
LONGEST_LATE: Final = 12 * 3600  # seconds; later than this a reminder is skipped
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
Found: TypeAlias = (
    tuple[Notice.Kind, Mapping[str, Any], Mapping[str, Any]] | Why
)  # kind, what was known, what is then


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
    patient = notice.former_patient or visit.patient
    if notice.kind in AT_MOST_ONCE:
        found = _reminder(notice, visit, others, now)
    elif notice.former_patient_id is not None:
        found = _not_theirs(notice, others, now)
    elif notice.copy:
        found = _again(visit, now)
    else:
        found = _change(notice, visit, others, now)
    if isinstance(found, Why):
        return found
    kind, was, facts = found
    if (refused := is_unwanted(patient, kind, settings)) is not None:
        return refused
    ways = reachable(patient)
    working = [(channel, to) for channel, to in ways if (patient.pk, to) not in unreachable]
    if not working:
        return Why.UNREACHABLE if ways else (Why.NO_ADDRESS if site.NOTICE_CHANNELS else Why.NO_CHANNEL)
    channel, to = working[0]
    return Told(kind, News(notice, visit, was), patient, channel, to, facts)


def _change(notice: Notice, visit: Appointment, others: Sequence[Notice], now: datetime) -> Found:
    """The newest change of a visit tells all that the patient does not know yet; the earlier ones nothing."""
    if any(other.version > notice.version for other in _changes(others)):
        return Why.OVERTAKEN
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
    kind = Kind.RECEIVED if facts["standing"] == PENDING else Kind.CONFIRMED
    return kind, NOBODY_KNOWS, facts


def _not_theirs(notice: Notice, others: Sequence[Notice], now: datetime) -> Found:
    """Who was told of a visit that turned out to be somebody else's is told that it is none of theirs."""
    was = known(notice, [other for other in others if other.version < notice.version], is_told=True)
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
    if now >= visit.appointment_datetime or (now - notice.created_at).total_seconds() > LONGEST_LATE:
        return Why.TOO_LATE
    facts = facts_of(snapshot(visit))
    return Kind(notice.kind), facts, facts


def known(notice: Notice, others: Iterable[Notice], *, is_told: bool = False) -> Mapping[str, Any]:
    """What the patient knows of the visit before this notice: as last told, or else as it was before the
    first change that was not told. {}: nothing. `is_told`: by messages alone."""
    earliest: Mapping[str, Any] = {} if is_told else notice.was
    if not notice.was and not is_told:
        return NOBODY_KNOWS
    before = [other for other in _all_but(notice, others) if other.former_patient_id is None]
    for other in sorted(before, key=lambda one: (one.version, one.copy, one.pk), reverse=True):
        told: Mapping[str, Any] = other.told
        if told:
            return told
        if other.kind in AT_MOST_ONCE or other.copy:
            continue
        if not other.was:
            return NOBODY_KNOWS
        earliest = earliest if is_told else other.was
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


def is_unwanted(patient: Patient, kind: Notice.Kind, settings: MessageSettings) -> Why | None:
    """Why a patient gets no message of a kind; None: they do."""
    if patient.may_contact is False or (patient.may_contact is None and not settings.writes_to_unasked):
        return Why.NO_CONSENT if patient.may_contact is False else Why.NOT_ASKED
    if kind in AT_MOST_ONCE and not patient.wants_reminders:
        return Why.NO_REMINDERS
    return None


def _start(facts: Mapping[str, Any]) -> datetime:
    return datetime.fromisoformat(facts["start"])
