"""Whether messages go out as they should: for staff, for `/readyz`."""

from datetime import datetime, timedelta
from typing import Final

from django.conf import settings as site
from django.core.cache import cache
from django.db.models import Q
from django.utils import timezone

from scheduling.models import Job, MessageSettings, Notice
from scheduling.notices.hours import SendingHours

LATE: Final = timedelta(minutes=15)
MANY_TRIES: Final = 3  # of one message: the channel has been away for a while
SENDS: Final = "send_messages"  # the job
FOUND: Final = "messages-wait"
KEPT: Final = 60  # seconds: it stands on every page, and may be a minute old
JOBS, MESSAGES = "jobs", "messages"


def trouble() -> str:
    """The answer of `trouble_at` of the last minute; no statement where this clinic writes to nobody."""
    if not site.NOTICE_CHANNELS:
        return ""
    return str(cache.get_or_set(FOUND, lambda: trouble_at(timezone.now()), KEPT) or "")


def trouble_at(now: datetime) -> str:
    """ "jobs": nobody does the job that sends, or it fails all the time. "messages": something waits longer
    than it should. "": all is well. 3 statements at most."""
    job = Job.objects.filter(name=SENDS).first()
    if job is not None and (not job.is_on or (job.succeeded_at or job.due_at) < now - LATE):
        return JOBS
    hours = SendingHours.of(MessageSettings.current())
    if not hours.has(now) or not hours.has(now - LATE):
        return ""  # what waited at night goes out first
    waiting = Q(due_at__lt=now - LATE) | Q(tries__gte=MANY_TRIES)
    return MESSAGES if Notice.objects.due().filter(waiting).exists() else ""


def forget() -> None:
    """So that the next page looks again."""
    cache.delete(FOUND)
