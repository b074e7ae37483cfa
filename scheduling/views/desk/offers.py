"""The nearest free times, worded by how far they are from the wished one."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from typing import Final
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from scheduling.booking.openings import Opening
from scheduling.booking.proposal import Proposal
from scheduling.models import Doctor
from scheduling.templatetags.clinic import short_date
from scheduling.times import clinic_day

NEAR: Final = 60  # minutes up to which a distance is said as one


@dataclass(frozen=True)
class Slot:
    value: str  # "<doctor uuid>|<ISO start>", as `forms.prefill.from_press` reads it
    start: datetime
    distance: str


@dataclass(frozen=True)
class Offer:
    """One doctor's free times."""

    doctor: Doctor
    is_same: bool
    slots: Sequence[Slot]


def grouped(openings: Iterable[Opening], proposal: Proposal, *, now: datetime, zone: ZoneInfo) -> list[Offer]:
    """The openings by doctor, in the order given."""
    return [
        Offer(
            doctor,
            doctor == proposal.doctor,
            [
                Slot(
                    f"{doctor.uuid}|{opening.start.astimezone(zone).isoformat()}",
                    opening.start,
                    distance(opening.start, proposal.start, now=now, zone=zone),
                )
                for opening in openings_of_one
            ],
        )
        for doctor, openings_of_one in groupby(openings, key=lambda opening: opening.doctor)
    ]


def distance(start: datetime, wished: datetime, *, now: datetime, zone: ZoneInfo) -> str:
    """ "same time", "20 min earlier", "tomorrow", "Thu 5 March"."""
    minutes = round((start - wished).total_seconds() / 60)
    day = clinic_day.day_of(start, zone)
    today = clinic_day.day_of(now, zone)
    if minutes == 0:
        return _("same time")
    if day == clinic_day.day_of(wished, zone):
        if -NEAR <= minutes < 0:
            return _("%(n)s min earlier") % {"n": -minutes}
        if 0 < minutes <= NEAR:
            return _("%(n)s min later") % {"n": minutes}
        return _("today") if day == today else _("same day")
    if day == today:
        return _("today")
    return _("tomorrow") if day == today + timedelta(days=1) else short_date(start)
