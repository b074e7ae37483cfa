"""Texts of messages and replies are kept for a while, as they looked; then only that there was one."""

from datetime import datetime, timedelta
from typing import Final

from scheduling.models import Message, Reply
from scheduling.models.notices import KEPT_DAYS

LOOKED_BACK: Final = timedelta(
    days=KEPT_DAYS * 2
)  # what is older was emptied long ago: the jobs run each hour
AT_ONCE: Final = 500


def clear(*, now: datetime) -> int:
    """Empty those that are older than `KEPT_DAYS`, of replies those that wait for nobody; how many messages
    that were. Few at once, so that nobody waits for it: 3 statements, and 1 for each `AT_ONCE` messages."""
    before = now - timedelta(days=KEPT_DAYS)
    waits = {"outcome": Reply.Outcome.TO_DESK, "settled_at": None}
    replies = Reply.objects.filter(at__lt=before).exclude(**waits).exclude(sender="", text="")
    replies.order_by().update(sender="", text="")
    old = Message.objects.filter(sent_at__lt=before)
    if not _stopped_for_long(now):
        old = old.filter(sent_at__gte=now - LOOKED_BACK)
    keys = list(old.exclude(address="", text="").order_by("sent_at").values_list("pk", flat=True))
    for first in range(0, len(keys), AT_ONCE):
        few = Message.objects.filter(pk__in=keys[first : first + AT_ONCE])
        few.order_by().update(address="", subject="", text="", html="")
    return len(keys)


def _stopped_for_long(now: datetime) -> bool:
    """Whether the jobs did not run when what is older than all that is looked at should have been emptied."""
    older = Message.objects.filter(sent_at__lt=now - LOOKED_BACK).order_by("-sent_at", "-pk")
    return older.values_list("text", flat=True).first() not in (None, "")
