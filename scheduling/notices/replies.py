"""What patients write back by text message: taken once, done where it is plain, else for the desk.

Nothing is guessed: an answer without its message's code, with one of a message that is no longer true, from
another number, or in words that we do not know waits for a person.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Final
from uuid import UUID, uuid4

from django.conf import settings
from django.db import IntegrityError
from django.utils import translation
from django.utils.translation import gettext as _

from scheduling.booking import actions, patients, records
from scheduling.booking.actions import Refused, Seen, Stale, Wish
from scheduling.booking.outbox import OFF, facts_of
from scheduling.booking.patients import StalePatient
from scheduling.booking.states import MOVABLE
from scheduling.booking.transactions import in_one_transaction
from scheduling.models import Appointment, Notice, Patient, Reply, Source, Status
from scheduling.notices import senders
from scheduling.notices.reading import Read, read
from scheduling.notices.senders import Asked

Meaning, Outcome, Why = Reply.Meaning, Reply.Outcome, Reply.Why

CUT_OFF: Final = timedelta(hours=24)  # before a visit, until which a message cancels it
OLDEST: Final = timedelta(days=7)  # of a reply: what claims to be older came with a wrong clock
LONGEST_TEXT: Final = 1000
LONGEST_SENDER: Final = 255
TRIES: Final = 2  # where somebody changes the visit or the record in the same moment


class OtherReply(Exception):
    """Something else was taken under this name."""


@dataclass(frozen=True)
class Verdict:
    """What becomes of a reply, and of which notice it speaks."""

    outcome: Reply.Outcome
    why: Reply.Why | None = None
    notice: Notice | None = None


def take(name: str, *, sender: str, text: str, at: datetime, now: datetime) -> Reply:
    """The reply under this name, with what became of it: done now, or when it came for the first time.

    It is stored for the desk before anything is done: of two that come at once, one is stored and acts, and
    what a crash leaves half done is seen by a person. Raises `OtherReply`.
    """
    found, number = read(text), senders.number_of(sender)
    asked = senders.asked_by(found.code, number)
    row = Reply(
        uuid=uuid4(),
        webhook_id=stored_name(name),
        at=at if now - OLDEST <= at <= now else now,
        sender=sender[:LONGEST_SENDER],
        text=text[:LONGEST_TEXT],
        meaning=found.meaning,
        outcome=Outcome.TO_DESK,
        why=Why.NOT_POSSIBLE,
        notice=asked.lead,
    )
    stored = _stored(row)
    if stored.uuid != row.uuid:
        if (stored.sender, stored.text) not in {(row.sender, row.text), ("", "")}:  # the latter is old
            raise OtherReply
        return stored
    _finish(row, _judged(found, asked, number, now))
    return row


def stored_name(name: str) -> str:
    """The sender's name of a reply as its column has it: a collation takes "a" for "A", and a digest not."""
    return sha256(name.encode()).hexdigest()


def _stored(row: Reply) -> Reply:
    """This row, or the one that was stored under its name before."""
    try:
        _insert(row)
    except IntegrityError:
        return Reply.objects.get(webhook_id=row.webhook_id)
    return row


@in_one_transaction
def _insert(row: Reply) -> None:
    row.pk = None  # where this runs again
    row.save(force_insert=True)


@in_one_transaction
def _finish(row: Reply, verdict: Verdict) -> None:
    row.outcome, row.why = verdict.outcome, verdict.why or ""
    row.notice = verdict.notice or row.notice
    done = {"outcome": row.outcome, "why": row.why, "notice": row.notice}
    Reply.objects.filter(pk=row.pk, settled_at=None).update(**done)


def _to_desk(why: Reply.Why, notice: Notice | None = None) -> Verdict:
    return Verdict(Outcome.TO_DESK, why, notice)


def _judged(found: Read, asked: Asked, number: str, now: datetime) -> Verdict:
    """What a reply leads to, done."""
    if found.meaning == Meaning.UNCLEAR:
        return _to_desk(Why.UNCLEAR)
    if found.meaning == Meaning.STOP:
        return _stopped(found, asked, number, now)
    if not found.code:
        return _to_desk(Why.NO_CODE)
    if not asked.notices:
        return _to_desk(Why.UNKNOWN_CODE)
    if not asked.is_theirs:
        return _to_desk(Why.OTHER_SENDER)
    return _answered(found.meaning, asked.notices, now)


def _answered(meaning: Reply.Meaning, notices: Sequence[Notice], now: datetime) -> Verdict:
    """Of a message about several visits, all are answered at once and none where one of them stands in the
    way; which of them is to be cancelled, the desk asks."""
    if meaning == Meaning.CANCEL and len(notices) > 1:
        return _to_desk(Why.UNCLEAR)
    for notice in notices:
        known = _known(meaning, notice, _visit(notice), now)
        if known is not None and known.outcome == Outcome.TO_DESK:
            return known
    verdicts = [_done(meaning, notice, now) for notice in notices]
    return min(verdicts, key=lambda one: (one.outcome != Outcome.TO_DESK, one.outcome == Outcome.NOTED))


def _done(meaning: Reply.Meaning, notice: Notice, now: datetime) -> Verdict:
    """One answer about one visit, tried once more where somebody changed it meanwhile."""
    for _attempt in range(TRIES):
        visit = _visit(notice)
        try:
            return _known(meaning, notice, visit, now) or _acted(meaning, notice, visit, now)
        except Refused:
            break
        except Stale:
            continue
    return _to_desk(Why.NOT_POSSIBLE, notice)


def _visit(notice: Notice) -> Appointment:
    return Appointment.objects.with_people().get(pk=notice.appointment_id)


def _known(meaning: Reply.Meaning, notice: Notice, visit: Appointment, now: datetime) -> Verdict | None:
    """What becomes of an answer for which nothing has to be done; None where something has."""
    told, facts = notice.told, facts_of(records.snapshot(visit))
    same_place = (told.get("start"), told.get("doctor")) == (facts["start"], facts["doctor"])
    if notice.former_patient_id is not None or not same_place or told.get("standing") == OFF:
        return _to_desk(Why.OLD, notice)
    if facts["standing"] == OFF:  # who cancels what is cancelled has what they wish
        is_so = meaning == Meaning.CANCEL and visit.status == Status.CANCELLED
        return Verdict(Outcome.NOTED, None, notice) if is_so else _to_desk(Why.OLD, notice)
    if meaning == Meaning.NO:
        return _to_desk(Why.CANNOT_COME, notice)
    if now >= visit.appointment_datetime or visit.status not in MOVABLE:
        return _to_desk(Why.NOT_POSSIBLE, notice)
    if meaning == Meaning.CANCEL:
        is_late = now > visit.appointment_datetime - CUT_OFF
        return _to_desk(Why.TOO_LATE, notice) if is_late else None
    # A request that the patient made is the clinic's to confirm.
    is_asked = visit.status == Status.PENDING and notice.kind == Notice.Kind.ANSWER
    return None if is_asked else Verdict(Outcome.NOTED, None, notice)


def _acted(meaning: Reply.Meaning, notice: Notice, visit: Appointment, now: datetime) -> Verdict:
    """Raises `Refused`, `Stale`."""
    seen, channel = Seen.of(visit), Source.PATIENT
    if meaning == Meaning.YES:
        actions.set_status(seen, Status.CONFIRMED, by=None, now=now, channel=channel)
        return Verdict(Outcome.CONFIRMED, None, notice)
    with translation.override(settings.LANGUAGE_CODE):  # the clinic's: it stands in the history
        reason = _("Cancelled by text message")
    actions.cancel(seen, reason=reason, wish=Wish.PATIENT, by=None, now=now, channel=channel)
    return Verdict(Outcome.CANCELLED, None, notice)


def _stopped(found: Read, asked: Asked, number: str, now: datetime) -> Verdict:
    """No more messages to whom the code names, or whose number it is alone."""
    if asked.lead is not None:
        if not asked.is_theirs:
            return _to_desk(Why.OTHER_SENDER)
        who = senders.told_patient(asked.lead)
    else:
        theirs = senders.patients_with(number)
        if len(theirs) != 1:
            return _to_desk(Why.NO_CODE if theirs and not found.code else Why.OTHER_SENDER)
        who = theirs[0]
    return Verdict(Outcome.STOPPED) if _stop(who.uuid, now) else _to_desk(Why.NOT_POSSIBLE)


def _stop(uuid: UUID, now: datetime) -> bool:
    for _attempt in range(TRIES):
        who = Patient.objects.get(uuid=uuid)
        try:
            patients.change(Seen.of(who), {"may_contact": False}, by=None, now=now, channel=Source.PATIENT)
        except StalePatient:
            continue
        return True
    return False
