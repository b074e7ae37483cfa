"""Why something may not be booked. Pure: everything is loaded before, nothing is asked here.

These answers are for people; the guarantee is the unique keys of `models.claims`.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final, Literal
from zoneinfo import ZoneInfo

from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from scheduling import metrics
from scheduling.booking import fitting
from scheduling.booking.day import Day
from scheduling.booking.proposal import NewPatient, Proposal
from scheduling.booking.rights import OUTSIDE_HOURS, OVERBOOK
from scheduling.models import NEW, Doctor, Source
from scheduling.models.visit_types import LONGEST_BUFFER, LONGEST_VISIT, SHORTEST_VISIT
from scheduling.times import clinic_day, grid

Field = Literal[
    "doctor", "patient", "visit_type", "start", "minutes", "description", "status", "hours", "email", ""
]

# Characters, as the columns take them.
LONGEST_DESCRIPTION: Final = 1000
LONGEST_REASON: Final = 1000
LONGEST_OVERBOOK_REASON: Final = 255


@dataclass(frozen=True)
class Limits:
    """How soon and how far ahead a door may book."""

    soonest: timedelta
    furthest: timedelta
    furthest_said: str | Promise  # as a sentence names it

    @property
    def too_far(self) -> str:
        return _("This time is more than %(span)s ahead.") % {"span": self.furthest_said}


AT_THE_DESK: Final = Limits(timedelta(0), timedelta(days=2 * 365), gettext_lazy("two years"))
LIMITS: Final[Mapping[Source, Limits]] = {
    # A patient who books alone gives the clinic time to read it, and does not fill next year.
    Source.PATIENT: Limits(timedelta(hours=2), timedelta(days=90), gettext_lazy("90 days")),
}


def limits_of(source: Source) -> Limits:
    return LIMITS.get(source, AT_THE_DESK)


@dataclass(frozen=True)
class Problem:
    """One reason against something: a code for programs, the field it belongs to, a sentence for people, and
    the right with which it may knowingly be overridden, if any."""

    code: str
    field: Field
    message: str
    right: str | None = None


class Refused(Exception):
    """Nothing was written; `problems` say why."""

    def __init__(self, *problems: Problem) -> None:
        super().__init__(", ".join(problem.code for problem in problems))
        self.problems = problems
        metrics.refused(problem.code for problem in problems)

    @property
    def codes(self) -> frozenset[str]:
        return frozenset(problem.code for problem in self.problems)


def problems_with(proposal: Proposal, day: Day, *, now: datetime) -> list[Problem]:
    """Every reason against the proposal, in the order of the form. `now` is aware; `day` covers the visit."""
    return [
        *_about_people(proposal),
        *(Problem(*misfit, OUTSIDE_HOURS) for misfit in fitting.misfits(proposal, day.given)),
        *_about_content(proposal),
        *_about_time(proposal, now),
        *_about_hours(proposal, day),
        *_about_others(proposal, day),
    ]


def remaining(
    problems: Collection[Problem], *, accepted: Collection[str], rights: Collection[str]
) -> list[Problem]:
    """The problems that remain after those which the asker knowingly accepts and has the right to.

    What needs the right to overbook always remains: that takes a reason and a lane, in `actions.overbook`.
    """
    given = set(rights) - {OVERBOOK}
    return [problem for problem in problems if problem.code not in accepted or problem.right not in given]


def _about_people(proposal: Proposal) -> Iterator[Problem]:
    if not isinstance(proposal.patient, NewPatient) and not proposal.patient.is_active:
        yield Problem("patient_inactive", "patient", _("This patient's record is switched off."))
    if not proposal.doctor.is_active:
        name = proposal.doctor.doctor_name
        yield Problem("doctor_inactive", "doctor", _("%(doctor)s takes no new visits.") % {"doctor": name})
    if proposal.visit_type is not None and not proposal.visit_type.is_active:
        yield Problem("visit_type_inactive", "visit_type", _("This visit type is no longer used."))
    if proposal.source == Source.PATIENT and proposal.visit_type and not proposal.visit_type.is_online:
        message = _("This visit cannot be booked online: please call the clinic.")
        yield Problem("not_online", "visit_type", message)


def _about_content(proposal: Proposal) -> Iterator[Problem]:
    if not SHORTEST_VISIT <= proposal.minutes <= LONGEST_VISIT:
        message = _("A visit takes %(from)s to %(to)s minutes.") % {
            "from": SHORTEST_VISIT,
            "to": LONGEST_VISIT,
        }
        yield Problem("minutes_out_of_range", "minutes", message)
    if not 0 <= proposal.buffer_minutes <= LONGEST_BUFFER:
        message = _("The buffer after a visit is at most %(most)s minutes.") % {"most": LONGEST_BUFFER}
        yield Problem("buffer_out_of_range", "minutes", message)
    if len(proposal.description) > LONGEST_DESCRIPTION:
        over = len(proposal.description) - LONGEST_DESCRIPTION
        message = _("The reason is %(over)s characters too long.") % {"over": over}
        yield Problem("description_too_long", "description", message)
    if proposal.status not in NEW:
        yield Problem("status_not_new", "status", _("A new visit is pending or confirmed."))


def _about_time(proposal: Proposal, now: datetime) -> Iterator[Problem]:
    limits, now = limits_of(proposal.source), now.astimezone(UTC)
    if grid.grain_of(proposal.start) < grid.grain_of(now):
        yield Problem("in_the_past", "start", _("This time is in the past."))
    elif proposal.start < now + limits.soonest and limits.soonest:
        yield Problem("too_soon", "start", _("This time is too soon."))
    elif proposal.start > now + limits.furthest:
        yield Problem("too_far_ahead", "start", limits.too_far)
    if not grid.on_grid(proposal.start):
        yield Problem(
            "off_the_grid", "start", _("Visits begin on full five minutes, such as 10:20 or 10:25.")
        )


def _about_hours(proposal: Proposal, day: Day) -> Iterator[Problem]:
    name = {"doctor": proposal.doctor.doctor_name}
    if not day.has_hours:
        yield Problem(
            "no_hours",
            "doctor",
            _("%(doctor)s has no working hours yet. A manager can add them.") % name,
            OUTSIDE_HOURS,
        )
    elif not any(interval.holds(proposal.time) for interval in day.open):
        message = _("%(doctor)s does not work for the whole of this time.") % name
        yield Problem("outside_hours", "start", message, OUTSIDE_HOURS)
    if any(off.start < proposal.time.end and proposal.start < off.end for off in day.off):
        yield Problem("time_off", "start", _("%(doctor)s has time off then.") % name, OUTSIDE_HOURS)


def _about_others(proposal: Proposal, day: Day) -> Iterator[Problem]:
    if not day.doctor_taken.isdisjoint(proposal.grains):
        yield doctor_taken(proposal.doctor)
    elif not day.buffer_taken.isdisjoint(proposal.grains):
        message = _("%(doctor)s needs this time after another visit.") % {
            "doctor": proposal.doctor.doctor_name
        }
        yield Problem("buffer", "start", message, OVERBOOK)
    if not day.patient_taken.isdisjoint(proposal.visit_grains):
        yield patient_taken()


def doctor_taken(doctor: Doctor) -> Problem:
    """Also the answer to a duplicate key: someone was quicker."""
    name = {"doctor": doctor.doctor_name}
    return Problem("doctor_taken", "start", _("This time is already taken with %(doctor)s.") % name, OVERBOOK)


def patient_taken() -> Problem:
    """Also the answer to a duplicate key on the patient's side. Nobody may override it."""
    return Problem("patient_taken", "start", _("The patient has another visit at this time."))


def lanes_full(proposal: Proposal) -> Problem:
    """An overbooking beyond the doctor's limit."""
    name = {"doctor": proposal.doctor.doctor_name, "limit": proposal.doctor.overbook_limit}
    return Problem(
        "overbook_limit", "start", _("%(doctor)s takes at most %(limit)s extra visits at a time.") % name
    )


def not_allowed(field: Field = "") -> Problem:
    return Problem("not_allowed", field, _("Your account may not do this."))


def reason_missing(field: Field = "") -> Problem:
    return Problem("reason_missing", field, _("Say why: it goes into the history."))


def reason_too_long(longest: int, field: Field = "") -> Problem:
    message = _("Say it in at most %(longest)s characters.") % {"longest": longest}
    return Problem("reason_too_long", field, message)


def gone_meanwhile() -> Problem:
    """A visit cannot come back: its time was given to somebody else."""
    return Problem("doctor_taken", "start", _("The time of this visit was given to somebody else meanwhile."))


def no_room_any_more(field: Field) -> Problem:
    """A correction that came second."""
    return Problem("doctor_taken", field, _("Somebody else was given this time in this moment."))


def length_stands() -> Problem:
    return Problem("length_stands", "minutes", _("This visit is over: its length stays as it was."))


def no_edit_to_undo() -> Problem:
    return Problem("nothing_to_undo", "", _("There is no correction to undo."))


def not_from_here(status: str) -> Problem:
    """The status does not allow what was asked for; `status` is its word for people."""
    return Problem(
        "not_from_here",
        "status",
        _("This cannot be done with a visit that is: %(status)s.") % {"status": status},
    )


def changed_meanwhile() -> Problem:
    """One of many visits is in another version than was seen."""
    return Problem("stale", "", _("Someone else has changed this visit meanwhile."))


def too_early() -> Problem:
    return Problem("too_early", "status", _("It is not time for this visit yet."))


def nothing_to_undo() -> Problem:
    return Problem("nothing_to_undo", "status", _("There is no change of status to take back."))


def already_booked() -> Problem:
    """The same form, saved before with other content."""
    return Problem(
        "already_booked",
        "",
        _("This form was already saved, with other details. The first visit was not changed."),
    )


def already_on_record() -> Problem:
    """A record of a program's: its uuid was used before, with other content or through another door."""
    return Problem(
        "already_on_record",
        "",
        _("Something else is on record under this uuid. It stands; nothing was changed."),
    )


def email_taken() -> Problem:
    return Problem("email_taken", "email", _("Another doctor has this e-mail already."))


def already_saved() -> Problem:
    """Time off or extra hours: the same form, saved before with other content."""
    return Problem(
        "already_saved", "hours", _("This form was already saved, with other details. Nothing was changed.")
    )


def on_the_clock(wall: datetime, zone: ZoneInfo) -> tuple[list[datetime], list[Problem]]:
    """The instants (aware UTC) at which the clinic's clocks show `wall` (naive), and what is wrong with it:
    a time in the spring gap is none, one that comes twice in autumn is two and has to be chosen."""
    found = clinic_day.instants(wall, zone)
    if len(found) == 1:
        return found, []
    said = {
        "day": date_format(wall, pgettext("form of a date without its year", "l j F")),
        "time": f"{wall:%H:%M}",
    }
    if found:
        text = _("On %(day)s the clocks show %(time)s twice. Choose which one.") % said
        return found, [Problem("twice_on_the_clock", "start", text)]
    after = clinic_day.first_instant_from(wall, zone)
    # The wall clock just before the change, counted on.
    before = (after - timedelta(minutes=1)).astimezone(zone).replace(tzinfo=None) + timedelta(minutes=1)
    said |= {"before": f"{before:%H:%M}", "after": f"{after.astimezone(zone):%H:%M}"}
    text = _("On %(day)s the clocks go from %(before)s to %(after)s: %(time)s does not exist.") % said
    return found, [Problem("not_on_the_clock", "start", text)]
