"""Why something may not be booked. Pure: everything is loaded before, nothing is asked here.

These answers are for people; the guarantee is the unique keys of `models.claims`.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Literal

from django.utils.translation import gettext as _

from scheduling.booking.day import Day
from scheduling.booking.proposal import NewPatient, Proposal
from scheduling.models import NEW
from scheduling.times import grid

Field = Literal["doctor", "patient", "visit_type", "start", "description", "status", ""]

FURTHEST: Final = timedelta(days=2 * 365)
LONGEST_DESCRIPTION: Final = 1000  # characters, as the documented column


@dataclass(frozen=True)
class Problem:
    """One reason against a booking: a code for programs, the field it belongs to, a sentence for people."""

    code: str
    field: Field
    message: str


class Refused(Exception):  # noqa: N818  (an answer, not an error)
    """Nothing was written; `problems` say why."""

    def __init__(self, *problems: Problem) -> None:
        super().__init__(", ".join(problem.code for problem in problems))
        self.problems = problems

    @property
    def codes(self) -> frozenset[str]:
        return frozenset(problem.code for problem in self.problems)


def problems_with(proposal: Proposal, day: Day, *, now: datetime) -> list[Problem]:
    """Every reason against the proposal, in the order of the form. `now` is aware; `day` covers the visit."""
    return [*_about_people(proposal), *_about_content(proposal), *_about_time(proposal, day, now)]


def _about_people(proposal: Proposal) -> Iterator[Problem]:
    if not isinstance(proposal.patient, NewPatient) and not proposal.patient.is_active:
        yield Problem("patient_inactive", "patient", _("This patient's record is switched off."))
    if not proposal.doctor.is_active:
        name = proposal.doctor.doctor_name
        yield Problem("doctor_inactive", "doctor", _("%(doctor)s takes no new visits.") % {"doctor": name})
    if not proposal.visit_type.is_active:
        yield Problem("visit_type_inactive", "visit_type", _("This visit type is no longer used."))


def _about_content(proposal: Proposal) -> Iterator[Problem]:
    if len(proposal.description) > LONGEST_DESCRIPTION:
        over = len(proposal.description) - LONGEST_DESCRIPTION
        message = _("The reason is %(over)s characters too long.") % {"over": over}
        yield Problem("description_too_long", "description", message)
    if proposal.status not in NEW:
        yield Problem("status_not_new", "status", _("A new visit is pending or confirmed."))


def _about_time(proposal: Proposal, day: Day, now: datetime) -> Iterator[Problem]:
    if grid.grain_of(proposal.start) < grid.grain_of(now):
        yield Problem("in_the_past", "start", _("This time is in the past."))
    elif proposal.start > now + FURTHEST:
        yield Problem("too_far_ahead", "start", _("This time is more than two years ahead."))
    if not grid.on_grid(proposal.start):
        yield Problem(
            "off_the_grid", "start", _("Visits begin on full five minutes, such as 10:20 or 10:25.")
        )
    yield from _about_hours(proposal, day)
    wanted = set(grid.grains(proposal.start, proposal.minutes))
    if wanted & day.doctor_taken:
        yield doctor_taken(proposal)
    if wanted & day.patient_taken:
        yield patient_taken()


def _about_hours(proposal: Proposal, day: Day) -> Iterator[Problem]:
    name = {"doctor": proposal.doctor.doctor_name}
    if not day.has_hours:
        yield Problem(
            "no_hours",
            "doctor",
            _("%(doctor)s has no working hours yet. A manager can add them in the back office.") % name,
        )
    elif not any(interval.holds(proposal.time) for interval in day.open):
        yield Problem(
            "outside_hours", "start", _("%(doctor)s does not work for the whole of this time.") % name
        )


def doctor_taken(proposal: Proposal) -> Problem:
    """Also the answer to a duplicate key: someone was quicker."""
    name = {"doctor": proposal.doctor.doctor_name}
    return Problem("doctor_taken", "start", _("This time is already taken with %(doctor)s.") % name)


def patient_taken() -> Problem:
    """Also the answer to a duplicate key on the patient's side."""
    return Problem("patient_taken", "start", _("The patient has another visit at this time."))


def already_booked() -> Problem:
    """The same form, saved before with other content."""
    return Problem(
        "already_booked",
        "",
        _("This form was already saved, with other details. The first visit stands; nothing was changed."),
    )
