"""What a patient reads about an appointment: its state in plain words, never more than the link is worth."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, pgettext_lazy

from scheduling.models import Appointment, Status
from scheduling.times import clinic_day

WHEN: Final = pgettext_lazy("label of a day and time", "When")
WAS_ON: Final = pgettext_lazy("label of a day and time that has passed", "Was on")
WOULD_HAVE_BEEN: Final = pgettext_lazy("label of a day and time that no longer counts", "Was planned for")


@dataclass(frozen=True)
class Saying:
    word: str | Promise
    heading: str | Promise
    sentence: str | Promise
    when: str | Promise = WHEN


SAYINGS: Final = {
    Status.PENDING: Saying(
        Status.PENDING.label,
        pgettext_lazy("heading of the patient's page", "Request sent, not yet confirmed"),
        _(
            "The clinic will answer. Until then the time is kept for you. "
            "Please do not come before we have answered."
        ),
    ),
    Status.CONFIRMED: Saying(
        Status.CONFIRMED.label,
        _("Your appointment is agreed"),
        _("The clinic expects you. You need do nothing more."),
    ),
    Status.ARRIVED: Saying(
        Status.ARRIVED.label,
        _("You have arrived"),
        _("The clinic knows that you are here. Take a seat, you will be called."),
    ),
    Status.IN_PROGRESS: Saying(
        Status.IN_PROGRESS.label,
        _("Your visit is under way"),
        _("It has begun and is not finished yet."),
    ),
    Status.COMPLETED: Saying(
        Status.COMPLETED.label,
        _("Your visit took place"),
        _("Thank you for coming. For another appointment, ask the clinic."),
        WAS_ON,
    ),
    Status.NO_SHOW: Saying(
        _("Missed"),
        _("We did not see you"),
        _("The clinic noted that you did not come. If that is wrong, or for another day, ask the clinic."),
        WAS_ON,
    ),
    Status.CANCELLED: Saying(
        Status.CANCELLED.label,
        _("This appointment is cancelled"),
        _("Nobody expects you at this time. For another appointment, ask the clinic."),
        WOULD_HAVE_BEEN,
    ),
    Status.ENTERED_IN_ERROR: Saying(
        _("Not valid"),
        _("This appointment does not count"),
        _("It was written down by mistake. If you expected an appointment, ask the clinic."),
        WOULD_HAVE_BEEN,
    ),
}


def has_passed(appointment: Appointment, *, now: datetime, zone: ZoneInfo) -> bool:
    """Whether its time is over, though nobody wrote down how it went."""
    match appointment.status:
        case Status.PENDING | Status.CONFIRMED:
            return appointment.ends_at <= now
        case Status.ARRIVED | Status.IN_PROGRESS:
            # Who is here may wait, or stay, past the planned end: only the next day makes it the past.
            return clinic_day.day_of(now, zone) > clinic_day.day_of(appointment.appointment_datetime, zone)
    return False


def saying(
    appointment: Appointment, *, now: datetime, zone: ZoneInfo, answers_within: int | None = None
) -> Saying:
    """`answers_within`: working days in which the clinic says that it answers requests."""
    said = SAYINGS[Status(appointment.status)]
    if not has_passed(appointment, now=now, zone=zone):
        if appointment.status == Status.PENDING and answers_within:
            return replace(said, sentence=_answer_by(answers_within))
        return said
    unanswered = appointment.status == Status.PENDING
    return Saying(
        said.word,
        _("This appointment has passed"),
        _("The clinic had not confirmed it. For another appointment, ask the clinic.")
        if unanswered
        else _("Its time is over. For another appointment, ask the clinic."),
        WAS_ON,
    )


def _answer_by(days: int) -> str:
    said = ngettext(
        "The clinic answers, usually within %(n)s working day. Until then the time is kept for you. "
        "Please do not come before we have answered.",
        "The clinic answers, usually within %(n)s working days. Until then the time is kept for you. "
        "Please do not come before we have answered.",
        days,
    )
    return said % {"n": days}
