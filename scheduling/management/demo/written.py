"""What the demo clinic has written to its patients by now: by the product's own code, and sent to nobody."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final

from django.conf import settings
from django.db import transaction

from scheduling.models import Notice
from scheduling.notices import reminders
from scheduling.notices.channels.base import Channel
from scheduling.notices.delivery import Sender
from scheduling.notices.outgoing import Outgoing
from scheduling.notices.telling import Told

REMINDED: Final = timedelta(days=4)  # so long the clinic has reminded: its visits are of yesterday and later
EVERY: Final = timedelta(hours=2)


class Silent:
    """Stands for a channel, and takes what it is given to nobody."""

    def __init__(self, channel: Channel) -> None:
        self.name, self.label, self.reaches = channel.name, channel.label, channel.reaches

    def open(self) -> None:
        return

    def send(self, message: Outgoing) -> None:
        return

    def close(self) -> None:
        return


class SilentSender(Sender):
    def _opened(self, group: list[Told]) -> Channel:  # type: ignore[override]
        return Silent(group[0].channel)


@transaction.atomic  # one commit for hundreds of them
def remind(*, now: datetime) -> None:
    """The reminders of the last days, each about when it was due, and all that was to be told meanwhile."""
    at = now - REMINDED
    while settings.NOTICE_CHANNELS and at <= now:
        reminders.find(now=at)
        send(now=at)
        at += EVERY


@transaction.atomic
def send(*, now: datetime) -> None:
    """All that is due by the aware `now`, each as when it was due."""
    for at in _due(now):
        SilentSender(clock=lambda at=at: at).run()  # type: ignore[misc]


def _due(now: datetime) -> Iterator[datetime]:
    """One by one: what is sent at one of them may take others along."""
    last = None
    while True:
        due = Notice.objects.due().filter(due_at__lte=now)
        if last is not None:
            due = due.filter(due_at__gt=last)
        last = due.order_by("due_at").values_list("due_at", flat=True).first()
        if last is None:
            return
        yield last
