"""What went out, read from the outbox, and the clock of those who send."""

from datetime import datetime, timedelta

from scheduling.models import Notice
from scheduling.notices.delivery import Sender
from tests.conftest import MADRID, madrid

NINE = madrid("2026-03-02 09:00")  # when sending begins; NOW is 08:00
TEN = madrid("2026-03-05 10:00")
ELEVEN = madrid("2026-03-05 11:00")
UNDO = timedelta(minutes=3)


def send(at):
    """One run of a sender at this instant."""
    return Sender(clock=lambda: at).run()


def sent(**which):
    """Each notice that was sent, in order: its kind, the day and time that it told, and how that stood."""
    rows = Notice.objects.filter(state=Notice.State.SENT, **which).order_by("sent_at", "pk")
    return [(row.kind, _told(row)) for row in rows]


def why_not():
    """Each notice that was not sent, in order, and why."""
    rows = Notice.objects.exclude(state=Notice.State.SENT).order_by("appointment", "version", "pk")
    return [(row.kind, row.why or row.state) for row in rows]


def _told(row):
    start = datetime.fromisoformat(row.told["start"]).astimezone(MADRID)
    return f"{start:%d.%m. %H:%M} {row.told['standing']}"
