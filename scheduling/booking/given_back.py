"""What two records that are two again have to be told: while they were one, messages went to the one kept."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from datetime import datetime

from django.conf import settings

from scheduling.booking.change import Change
from scheduling.booking.outbox import AT_THE_CLINIC, NOBODY_KNOWS, facts_of, news_between, notice_of
from scheduling.booking.records import snapshot
from scheduling.matching.emails import deliverable
from scheduling.models import Appointment, Notice, Patient


def write(
    visits: Collection[int], giver: Patient, taker: Patient, *, since: datetime, change: Change
) -> None:
    """Of visits (keys) that were given back, by this change: what the taker does not know of them, and to the
    giver that they are not theirs. Nothing where nobody was told of them `since` then, or only at an address
    of the taker. 3 statements at most."""
    if not settings.NOTICE_CHANNELS or not visits:
        return
    found: dict[int, list[Notice]] = defaultdict(list)
    rows = Notice.objects.filter(appointment__in=visits).select_related("message")
    for row in rows.defer("message__text", "message__html").order_by("version", "copy", "pk"):
        found[row.appointment_id].append(row)
    told = {key: _elsewhere(of_visit, taker, since) for key, of_visit in found.items()}
    concerned = Appointment.objects.with_people().filter(pk__in=[key for key in told if told[key]])
    Notice.objects.bulk_create(
        row
        for visit in concerned.exclude(status__in=AT_THE_CLINIC).order_by("pk")
        for row in _both(visit, told[visit.pk], _before(found[visit.pk], since), giver, change)
    )


def _both(
    visit: Appointment, told: Sequence[Notice], before: Sequence[Notice], giver: Patient, change: Change
) -> Iterator[Notice]:
    now = facts_of(snapshot(visit))
    theirs = before[-1].told if before else NOBODY_KNOWS
    givers = told[-1].told
    if change.now >= max(datetime.fromisoformat(facts["start"]) for facts in (now, theirs, givers) if facts):
        return
    news = news_between(theirs, now)
    if news is not None:
        yield notice_of(visit, news, was=theirs, now=change.now)
    # Also where the giver knows that it is off: by this row it is known whom the earlier ones told.
    off = Notice.Kind.CANCELLED
    more = {"former_patient": giver, "copy": int(news == off)}
    yield notice_of(visit, off, was=givers, now=change.now, **more)


def _elsewhere(notices: Sequence[Notice], taker: Patient, since: datetime) -> list[Notice]:
    """What was told while the records were one; nothing where all of it reached the taker."""
    told = [row for row in notices if row.told and row.former_patient_id is None and _told_at(row) >= since]
    own = {deliverable(taker.email).casefold(), *(number for number, _whose in taker.phones)}
    reached = all(row.message is not None and row.message.address.casefold() in own - {""} for row in told)
    return [] if reached else told


def _before(notices: Sequence[Notice], since: datetime) -> list[Notice]:
    """What the taker was told before the records were one, since the visit was theirs."""
    first = max((row.version for row in notices if row.former_patient_id is not None), default=0)
    own = [row for row in notices if row.told and row.former_patient_id is None and row.version >= first]
    return [row for row in own if _told_at(row) < since]


def _told_at(row: Notice) -> datetime:
    return row.sent_at or row.settled_at or row.created_at
