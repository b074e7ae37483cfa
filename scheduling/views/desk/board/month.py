"""A month at a glance: each day says how full it is, and leads to its board. Also what the calendar of a date
field shows, which fetches the grid alone."""

from calendar import Calendar, monthrange
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.dates import WEEKDAYS, WEEKDAYS_ABBR
from django.views.decorators.http import require_safe

from accounts.who import account_of
from scheduling.access import desk, may_open
from scheduling.booking import fullness
from scheduling.booking.fullness import Fullness
from scheduling.booking.rights import VIEW_VISITS
from scheduling.clock import clinic_today
from scheduling.forms.board import Choice, choice_of, day_of
from scheduling.forms.fields import is_in_calendar, uuid_of
from scheduling.models import Doctor
from scheduling.queries import doctors as rows_of_doctors
from scheduling.queries import visit_types
from scheduling.views.desk.board import shown

MONTHS_A_YEAR: Final = 12
MONDAY_FIRST: Final = Calendar()


@dataclass(frozen=True)
class Day:
    day: date
    href: str
    fullness: Fullness
    is_today: bool
    is_past: bool
    is_too_far: bool  # nothing can be booked there yet


@dataclass(frozen=True)
class Month:
    """All that `templates/jinja/desk/board/month.html` says. A week is seven days, Monday first, None where
    they are another month's; addresses are empty where the calendar ends."""

    first: date
    weeks: Sequence[Sequence[Day | None]]
    weekdays: Sequence[tuple[str, str]]  # whole and short
    year_before: str
    before: str
    after: str
    year_after: str
    doctors: Sequence[Doctor]
    is_everybody: bool


@desk(VIEW_VISITS)
@require_safe
def go(request: HttpRequest) -> HttpResponse:
    """To the month of the day that is typed in a date field; to this one, where that is none."""
    try:
        day = day_of(request.GET, today=clinic_today(timezone.now()))
    except ValidationError:
        day = clinic_today(timezone.now())
    return redirect(address_of(day, choice_of(request.GET), uuid_of(request.GET.get("week"))))


@desk(VIEW_VISITS)
@require_safe
def month(request: HttpRequest, first: date) -> HttpResponse:
    """The month of the doctors whom the choice names; with `?week=` that one doctor's, whose days lead to
    weeks."""
    now, choice = timezone.now(), choice_of(request.GET)
    of_week = uuid_of(request.GET.get("week"))
    context = {
        "month": _month(request, first, choice, of_week, now),
        "board": _back(first, choice, of_week, now),
    }
    is_part = getattr(request, "htmx", False)
    return render(request, "desk/board/_month.html" if is_part else "desk/board/month.html", context)


def _month(request: HttpRequest, first: date, choice: Choice, of_week: UUID | None, now: datetime) -> Month:
    everybody = rows_of_doctors.of(None)
    doctors = _whose(of_week, everybody) if of_week else choice.of(everybody)
    moving = shown.moved_visit(choice) if may_open(account_of(request), "desk:move") else None
    days = [first + timedelta(days=n) for n in range(monthrange(first.year, first.month)[1])]
    found = fullness.of_days(
        doctors,
        days,
        minutes=moving.minutes if moving else visit_types.free_step(),
        buffer_minutes=moving.buffer_minutes if moving else 0,
        moving=moving,
        now=now,
    )
    today = clinic_today(now)
    shown_days = {
        day: Day(
            day,
            _board(day, choice, of_week),
            found[day],
            day == today,
            day < today,
            fullness.is_too_far(day, now),
        )
        for day in days
    }
    weeks = MONDAY_FIRST.monthdatescalendar(first.year, first.month)
    year_before, before, after, year_after = (
        _at(_months_on(first, months), choice, of_week) for months in (-MONTHS_A_YEAR, -1, 1, MONTHS_A_YEAR)
    )
    return Month(
        first,
        [[shown_days.get(day) for day in week] for week in weeks],
        [(str(WEEKDAYS[n]), str(WEEKDAYS_ABBR[n])) for n in range(7)],
        year_before,
        before,
        after,
        year_after,
        doctors,
        is_everybody=len(doctors) == len(everybody),
    )


def _whose(doctor: UUID, everybody: Sequence[Doctor]) -> list[Doctor]:
    """One doctor's, as their week: also of one who is switched off. 404 where there is none."""
    found = [one for one in everybody if one.uuid == doctor]
    found = found or list(Doctor.objects.select_related("specialty").filter(uuid=doctor))
    if not found:
        raise Http404
    return found


def address_of(day: date, choice: Choice, of_week: UUID | None = None) -> str:
    """Of the month in which a day lies: from a board with this choice, or from a doctor's week."""
    more = {"week": str(of_week)} if of_week else {}
    return choice.at(reverse("desk:month", args=[day]), **more)


def _at(first: date | None, choice: Choice, of_week: UUID | None) -> str:
    return address_of(first, choice, of_week) if first else ""


def _months_on(first: date, months: int) -> date | None:
    """The first day of another month, if it is in the calendar."""
    years, month = divmod(first.month - 1 + months, MONTHS_A_YEAR)
    there = first.replace(year=first.year + years, month=month + 1)
    return there if is_in_calendar(there) else None


def _board(day: date, choice: Choice, of_week: UUID | None) -> str:
    if of_week:
        return choice.at(reverse("desk:week", args=[of_week, day]))
    return choice.at(reverse("desk:day", args=[day]))


def _back(first: date, choice: Choice, of_week: UUID | None, now: datetime) -> str:
    """The board from which one comes: today's, in this month."""
    today = clinic_today(now)
    is_here = (today.year, today.month) == (first.year, first.month)
    return _board(today if is_here else first, choice, of_week)
