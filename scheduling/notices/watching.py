"""Whether messages go out as they should: for staff, for `/readyz`."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from django.conf import settings as site
from django.core.cache import cache
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Q, QuerySet
from django.utils import timezone

from scheduling.models import Job, MessageSettings, Notice
from scheduling.notices.hours import SendingHours

LATE: Final = timedelta(minutes=15)
MANY_TRIES: Final = 3  # of one message: the channel has been away for a while
SENDS: Final = "send_messages"  # the job
FOUND: Final = "messages-wait"
KEPT: Final = 60  # seconds: it stands on every page, and may be a minute old
JOBS, OFF, MESSAGES = "jobs", "off", "messages"
Ask = Callable[[QuerySet[Any, Any]], Sequence[Sequence[Any]]]


def trouble(ask: Ask = list) -> str:
    """The answer of `trouble_at` of the last minute; no statement where this clinic writes to nobody."""
    if not site.NOTICE_CHANNELS:
        return ""
    return str(cache.get_or_set(FOUND, lambda: trouble_at(timezone.now(), ask), KEPT) or "")


def trouble_at(now: datetime, ask: Ask = list) -> str:
    """ "jobs": nobody does the job that sends, or it fails all the time. "off": whoever does the jobs has
    no channel to send by. "messages": something waits longer than it should. "": all is well. 3 statements
    at most.

    `ask` has the rows of a query of values.
    """
    long_ago = now - LATE
    not_done = Q(succeeded_at__lt=long_ago) | Q(succeeded_at=None, due_at__lt=long_ago) | Q(is_on=False)
    if found := ask(Job.objects.filter(not_done, name=SENDS).values_list("is_on")[:1]):
        return JOBS if found[0][0] else OFF
    stored = ask(MessageSettings.objects.order_by("pk").values_list("sends_from", "sends_until")[:1])
    hours = SendingHours(*stored[0]) if stored else SendingHours.of(MessageSettings())
    if not hours.has(now) or not hours.has(long_ago):
        return ""  # what waited at night goes out first
    waiting = Q(due_at__lt=long_ago) | Q(tries__gte=MANY_TRIES)
    return MESSAGES if ask(Notice.objects.due().filter(waiting).order_by().values_list("pk")[:1]) else ""


def over(connection: BaseDatabaseWrapper) -> Ask:
    """Asks over this connection, and not over the one that a request waits for."""
    return lambda rows: list(rows.query.get_compiler(connection=connection).results_iter())
