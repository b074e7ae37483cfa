"""Why many visits could not be changed in one commit."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import gettext as _

from scheduling.booking.together import InTheWay
from scheduling.models import Appointment
from scheduling.templatetags.clinic import moment, short_date


def why_not(visits: Sequence[Appointment], in_the_way: InTheWay, now: datetime) -> list[str]:
    """Each reason once, with the visits that hold up all of them for it."""
    held_up: dict[str, list[Appointment]] = defaultdict(list)
    for visit in visits:
        for problem in in_the_way.get(visit.uuid, ()):
            held_up[problem.message].append(visit)
    return [_said(why, those, now) for why, those in held_up.items()]


def _said(why: str, visits: Sequence[Appointment], now: datetime) -> str:
    if len(visits) == 1:
        return _("%(when)s: %(why)s") % {"when": moment(visits[0].appointment_datetime, now), "why": why}
    days = ", ".join(short_date(visit.appointment_datetime) for visit in visits)
    return _("%(why)s %(n)s visits: %(days)s.") % {"why": why, "n": len(visits), "days": days}
