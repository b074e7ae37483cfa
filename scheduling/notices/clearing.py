"""Texts of messages and replies are kept for a while, as they looked; then only that there was one."""

from datetime import datetime, timedelta

from scheduling.models import Message, Reply
from scheduling.models.notices import KEPT_DAYS


def clear(*, now: datetime) -> int:
    """Empty those that are older than `KEPT_DAYS`, of replies those that wait for nobody; how many messages
    that were. 2 statements."""
    before = now - timedelta(days=KEPT_DAYS)
    waits = {"outcome": Reply.Outcome.TO_DESK, "settled_at": None}
    replies = Reply.objects.filter(at__lt=before).exclude(**waits).exclude(sender="", text="")
    replies.order_by().update(sender="", text="")
    old = Message.objects.filter(sent_at__lt=before).exclude(address="", text="")
    return old.order_by().update(address="", subject="", text="", html="")
