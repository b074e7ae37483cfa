"""Messages to patients: reminders found, and what is due sent."""

from datetime import datetime

from django.conf import settings
from django.utils.translation import gettext

from scheduling.notices import reminders
from scheduling.notices.delivery import Sender


def are_sent() -> bool:
    """Whether this clinic writes to its patients."""
    return bool(settings.NOTICE_CHANNELS)


def send(now: datetime) -> str:
    """What is due, in the clinic's hours for sending. "" where nothing was."""
    done = Sender().run()
    numbers = {"sent": done.sent, "skipped": done.skipped, "later": done.put_off, "failed": done.failed}
    if not any(numbers.values()):
        return ""
    said = gettext("Sent: %(sent)s. Not needed: %(skipped)s. Put off: %(later)s. Failed: %(failed)s.")
    return said % numbers


def remind(now: datetime) -> str:
    """Those that are due now. "" where none was."""
    count = reminders.find(now=now)
    return gettext("Reminders: %(count)s.") % {"count": count} if count else ""
