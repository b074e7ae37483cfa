"""Texts of messages are kept for a while, to be seen as they looked; then only that they were sent."""

from datetime import datetime, timedelta

from scheduling.models import Message
from scheduling.models.notices import KEPT_DAYS


def clear(*, now: datetime) -> int:
    """Empty those that are older than `KEPT_DAYS`; how many. 1 statement."""
    old = Message.objects.filter(sent_at__lt=now - timedelta(days=KEPT_DAYS)).exclude(address="", text="")
    return old.order_by().update(address="", subject="", text="", html="")
