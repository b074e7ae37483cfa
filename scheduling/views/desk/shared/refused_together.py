"""Why many visits could not be changed in one commit."""

from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import gettext as _

from scheduling.booking.together import InTheWay
from scheduling.models import Appointment
from scheduling.templatetags.clinic import moment


def why_not(visits: Sequence[Appointment], in_the_way: InTheWay, now: datetime) -> list[str]:
    """Of each visit that holds up all of them, why."""
    return [
        _("%(when)s: %(why)s")
        % {
            "when": moment(visit.appointment_datetime, now),
            "why": " ".join(problem.message for problem in in_the_way[visit.uuid]),
        }
        for visit in visits
        if visit.uuid in in_the_way
    ]
