"""The schedule compared with the appointments, at night."""

from datetime import datetime

from django.utils.translation import gettext

from scheduling.booking.audit import audit
from scheduling.jobs.failed import JobFailed


def check_schedule(now: datetime) -> str:
    """As `manage.py check_schedule` does, which names each problem. Raises `JobFailed`."""
    if count := audit(now=now).count:
        said = gettext("%(count)s problems were found. manage.py check_schedule names them.")
        raise JobFailed(said % {"count": count})
    return gettext("The schedule is sound.")
