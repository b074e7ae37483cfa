"""The only writer of the addresses of doctors' calendars."""

import secrets
from datetime import datetime
from typing import Final

from accounts.models import User
from scheduling.booking.change import Change
from scheduling.booking.record_events import record_event
from scheduling.booking.transactions import in_one_transaction
from scheduling.models import CalendarFeed, Doctor, RecordEvent
from scheduling.models.feeds import digest_of

RANDOM_BYTES: Final = 32


def new_secret() -> str:
    """For one address: letters, digits, - and _; kept nowhere by us."""
    return secrets.token_urlsafe(RANDOM_BYTES)


@in_one_transaction
def make(doctor: Doctor, secret: str, *, shows_names: bool, by: User, now: datetime) -> CalendarFeed:
    """The address with this secret (`new_secret`); asked twice, the one that is there, as it was made."""
    made = {"doctor": doctor, "shows_names": shows_names, "created_at": now, "created_by": by}
    feed, is_new = CalendarFeed.objects.get_or_create(digest=digest_of(secret), defaults=made)
    if is_new:
        told = {"calendar": str(feed.uuid), "shows_names": shows_names}
        record_event(doctor, RecordEvent.Kind.CALENDAR_SHARED, Change(by=by, now=now), after=told)
    return feed


@in_one_transaction
def revoke(feed: CalendarFeed, *, by: User, now: datetime) -> bool:
    """Close an address for good. False where it was revoked before."""
    changed = CalendarFeed.objects.filter(pk=feed.pk, revoked_at=None).update(revoked_at=now)
    if changed:
        told = {"calendar": str(feed.uuid)}
        record_event(feed.doctor, RecordEvent.Kind.CALENDAR_REVOKED, Change(by=by, now=now), before=told)
    return changed == 1
