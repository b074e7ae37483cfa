"""The dates of a series as rows to choose in: each free, or in the way of what, and where it could be."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Final, Generic, TypeVar

from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from scheduling.booking.in_the_way import Obstacles
from scheduling.booking.proposal import Proposal
from scheduling.booking.rules import Problem
from scheduling.booking.series import Wished
from scheduling.clock import clinic_zone
from scheduling.forms.series import Choices, place_value
from scheduling.models import Appointment, Doctor
from scheduling.templatetags.clinic import clock, day_date, short_date
from scheduling.times import recurring
from scheduling.times_in_words import day_in_words

T = TypeVar("T")
MONTHS_FROM: Final = 13  # dates: more are parted by month


@dataclass(frozen=True)
class Way:
    """A free time in place of one that is not, as its button."""

    value: str
    start: datetime
    doctor: Doctor
    note: str


@dataclass(frozen=True)
class Row:
    """One date."""

    key: str  # by which it is chosen for
    number: int
    day: date
    wished: Wished
    before: Appointment | None = None  # the visit, where one moves
    is_chosen: bool = False  # another time than the usual one
    is_left_out: bool = False
    is_pressed: bool = False  # its button was pressed last
    whys: Sequence[str] = ()
    ways: Sequence[Way] = ()

    @property
    def start(self) -> datetime:
        return self.wished.proposal.start

    @property
    def doctor(self) -> Doctor:
        return self.wished.proposal.doctor

    @property
    def is_agreed(self) -> bool:
        return not self.is_left_out and not self.wished.obstacles

    @property
    def is_open(self) -> bool:
        """Whether it needs a choice."""
        return not self.is_left_out and bool(self.wished.obstacles)

    @property
    def value(self) -> str:
        return place_value(self.key, self.doctor.uuid, self.start)


@dataclass(frozen=True)
class Group(Generic[T]):
    """What lies in a month, or all of it, without a title."""

    title: str
    rows: Sequence[T]


def by_month(rows: Sequence[tuple[date, T]]) -> list[Group[T]]:
    """Rows with their days (ascending), parted by month where they are many."""
    if len(rows) < MONTHS_FROM:
        return [Group("", [row for _day, row in rows])]
    months = groupby(rows, key=lambda one: one[0].replace(day=1))
    return [
        Group(capfirst(day_in_words(month, "month")), [row for _day, row in of_month])
        for month, of_month in months
    ]


@dataclass(frozen=True)
class Dates:
    """All dates of a page."""

    rows: Sequence[Row]

    @property
    def agreed(self) -> Sequence[Row]:
        return [row for row in self.rows if row.is_agreed]

    @property
    def open(self) -> Sequence[Row]:
        return [row for row in self.rows if row.is_open]

    @property
    def without(self) -> str:
        """The days that are left out, or need a choice."""
        return ", ".join(short_date(row.wished.day) for row in self.rows if not row.is_agreed)

    @property
    def months(self) -> Sequence[Group[Row]]:
        return by_month([(row.wished.day, row) for row in self.rows])

    @property
    def clock_changes(self) -> Sequence[str]:
        """ "The clocks go forward on 29 March" """
        days = sorted(row.day for row in self.rows if not row.is_left_out)
        return [
            (
                _("The clocks go forward on %(day)s. Every visit keeps its time of day.")
                if forward > timedelta(0)
                else _("The clocks go back on %(day)s. Every visit keeps its time of day.")
            )
            % {"day": day_date(day)}
            for day, forward in (recurring.clock_changes(days, clinic_zone()) if days else ())
        ]


def dates_of(
    keys: Sequence[str],
    wished: Sequence[Wished],
    choices: Choices,
    *,
    before: Sequence[Appointment] = (),
) -> Dates:
    """The rows of what the engine says, in its order; the first that needs a choice has the focus, where no
    button was pressed."""
    return Dates(
        [
            Row(
                key,
                number,
                one.proposal.start.astimezone(clinic_zone()).date() if key in choices.at else one.day,
                one,
                before[number - 1] if before else None,
                key in choices.at,
                key in choices.left_out,
                key == choices.pressed,
                [] if key in choices.left_out else list(_whys(one.proposal, one.obstacles)),
                [] if key in choices.left_out else list(_ways(key, one)),
            )
            for number, (key, one) in enumerate(zip(keys, wished, strict=True), start=1)
        ]
    )


def _ways(key: str, wished: Wished) -> Iterator[Way]:
    zone, doctor = clinic_zone(), wished.proposal.doctor
    for opening in wished.nearest:
        is_same_day = opening.start.astimezone(zone).date() == wished.day
        note = _("same day") if is_same_day else short_date(opening.start)
        if opening.doctor != doctor:
            note = f"{note}, {opening.doctor.doctor_name}"
        value = place_value(key, opening.doctor.uuid, opening.start)
        yield Way(value, opening.start, opening.doctor, note)


def _whys(proposal: Proposal, obstacles: Obstacles) -> Iterator[str]:
    """Why not, by name."""
    for problem in obstacles.problems:
        yield from _why(problem, proposal, obstacles) or [problem.message]


def _why(problem: Problem, proposal: Proposal, obstacles: Obstacles) -> list[str]:
    match problem.code:
        case "doctor_taken" | "buffer":
            taken = pgettext("a time", "Taken: %(patient)s until %(time)s")
            return [
                taken % {"patient": visit.patient.full_name, "time": clock(visit.ends_at)}
                for visit in obstacles.visits
                if visit.doctor_id == proposal.doctor.pk
            ]
        case "patient_taken":
            elsewhere = _("%(patient)s has another visit at %(time)s with %(doctor)s")
            return [
                elsewhere
                % {
                    "patient": visit.patient.full_name,
                    "time": clock(visit.appointment_datetime),
                    "doctor": visit.doctor.doctor_name,
                }
                for visit in obstacles.visits
                if visit.patient == proposal.patient
            ]
        case "time_off":
            words = {"reasons": ", ".join(obstacles.time_off), "doctor": proposal.doctor.doctor_name}
            return [_("Time off: %(doctor)s, %(reasons)s") % words] if obstacles.time_off else []
    return []
