"""The day of all doctors, side by side."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any, Final
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.who import account_of
from scheduling.access import desk, may_open, polled
from scheduling.booking.rights import VIEW_VISITS
from scheduling.clock import clinic_today, clinic_zone
from scheduling.forms.board import MOST_DOCTORS, Choice, choice_of, day_of, remembered, shown_day
from scheduling.forms.fields import uuid_of
from scheduling.queries import board as rows_of_board
from scheduling.queries import tokens
from scheduling.queries.board import Staff
from scheduling.times import clinic_day
from scheduling.views.desk.board import month, shown, weeks
from scheduling.views.desk.board.order import in_order
from scheduling.views.desk.board.reading import of_move
from scheduling.views.desk.waiting.room import room

COOKIE: Final = "board"
MOVED: Final = "moved"  # in the address: the visit that was just put on this board
A_YEAR: Final = 365 * 24 * 3600
ONE_DAY: Final = timedelta(days=1)


@desk(VIEW_VISITS)
@require_safe
def today(request: HttpRequest) -> HttpResponse:
    """Today, or the day that was typed beside "Go"; with the choice that the address carries."""
    return redirect(choice_of(request.GET).at(reverse("desk:day", args=[typed_day(request)])))


def typed_day(request: HttpRequest) -> date:
    """The day that was typed; today where none was. What is none is said; it is the day shown then."""
    today = clinic_today(timezone.now())
    try:
        return day_of(request.GET, today=today)
    except ValidationError as error:
        messages.warning(request, " ".join(error.messages))
    return shown_day(request.GET) or today


@desk(VIEW_VISITS)
@require_safe
def day(request: HttpRequest, day: date) -> HttpResponse:
    choice = choice_of(request.GET)
    kept = remembered(request.COOKIES, COOKIE)
    if kept.is_filter and not choice.is_filter:
        # The address always says what is shown.
        more = {MOVED: request.GET[MOVED]} if MOVED in request.GET else {}
        return redirect(choice.with_filter_of(kept).at(request.path, **more))
    return render(request, "desk/board/day.html", _page(request, day, choice))


@polled
@desk(VIEW_VISITS)
@require_safe
def changes_of(request: HttpRequest, day: date) -> HttpResponse:
    """The board again, or 204 where nothing has changed since the token was given."""
    span = clinic_day.whole_day(day, clinic_zone())
    if request.GET.get("token") == tokens.token(span, timezone.now()):
        return HttpResponse(status=204)
    return render(request, "desk/board/_live.html", _page(request, day, choice_of(request.GET)))


@desk(VIEW_VISITS)
@require_POST
def choose(request: HttpRequest, day: date) -> HttpResponse:
    """Show these doctors only, now and on the next visit of this browser."""
    choice = choice_of(request.POST)
    if not choice.is_filter:
        return _all(day, choice)
    if len(set(request.POST.getlist("doctor"))) > MOST_DOCTORS:
        text = _("%(n)s doctors are shown of those you chose: one choice holds no more.")
        messages.warning(request, text % {"n": MOST_DOCTORS})
    answer = redirect(choice.at(reverse("desk:day", args=[day])))
    answer.set_cookie(
        COOKIE,
        urlencode(choice.filter_pairs()),
        max_age=A_YEAR,
        path=reverse("desk:today"),
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
    return answer


@desk(VIEW_VISITS)
@require_POST
def choose_all(request: HttpRequest, day: date) -> HttpResponse:
    """Show all doctors again, and forget the choice."""
    return _all(day, choice_of(request.POST).with_filter_of(Choice()))


def _all(day: date, choice: Choice) -> HttpResponse:
    answer = redirect(choice.at(reverse("desk:day", args=[day])))
    answer.delete_cookie(COOKIE, path=reverse("desk:today"), samesite="Lax")
    return answer


def _page(request: HttpRequest, day: date, choice: Choice) -> dict[str, Any]:
    now, zone = timezone.now(), clinic_zone()
    account = account_of(request)
    moving = shown.moved_visit(choice) if may_open(account, "desk:move") else None
    staff = rows_of_board.staff_of(clinic_day.whole_day(day, zone), now=now, **of_move(moving))
    viewer = shown.viewer_of(account, is_moving=moving is not None)
    moved = uuid_of(request.GET.get(MOVED))
    own = replace(staff, doctors=in_order(staff.doctors, account))
    board = shown.of_day(day, own, choice, viewer, now=now, moving=moving, moved=moved)
    doctors = {doctor.pk: doctor for doctor in staff.doctors}
    is_here = any(visit.uuid == moved for column in board.columns for visit in column.day.visits)
    present = ((doctors[visit.doctor_id], visit) for column in board.columns for visit in column.day.visits)
    today = clinic_day.day_of(now, zone)
    return _addresses(day, choice) | {
        "board": board,
        "is_week": False,
        "room": room(present, now=now, zone=zone) if day == today and not moving else None,
        "day": day,
        "zone": zone.key,
        "today": today,
        "choice": choice,
        "filter": _filter(staff, choice),
        "moving": moving,
        "weeks_on": weeks.on(moving, now, lambda day: choice.at(reverse("desk:day", args=[day]))),
        # Its move was undone, and it left this board: then what is said of it has the focus.
        "toast_focus": moved is not None and not is_here,
        "week": _week(board, day, choice),
        "before": day - ONE_DAY,
        "after": day + ONE_DAY,
    }


def _addresses(day: date, choice: Choice) -> dict[str, Any]:
    """Where one can go on from the board of a day, with the same choice."""
    address = reverse("desk:day", args=[day])
    steps = {"week_back": -7 * ONE_DAY, "back": -ONE_DAY, "on": ONE_DAY, "week_on": 7 * ONE_DAY}
    return {
        "steps": {name: choice.at(reverse("desk:day", args=[day + days])) for name, days in steps.items()},
        "month": month.address_of(day, choice),
        "to_today": choice.at(reverse("desk:today")),
        "toggle_cancelled": choice.toggled().at(address),
        "stop_moving": Choice().at(address),
        "changes": choice.at(reverse("desk:day-changes", args=[day])),
    }


def _week(board: shown.Board, day: date, choice: Choice) -> str:
    """The same day in the week of the doctor looked at last, else of the first who works; "" for nobody."""
    columns = [column for column in board.columns if column.day.works] or board.columns
    doctors = [column.whose.uuid for column in columns]
    if not doctors:
        return ""
    doctor = choice.week_of or doctors[0]
    return Choice(cancelled=choice.cancelled, moving=choice.moving).at(
        reverse("desk:week", args=[doctor, day])
    )


def _filter(staff: Staff, choice: Choice) -> dict[str, Any]:
    """What the form for choosing offers, and what is chosen."""
    specialties = {doctor.specialty.uuid: doctor.specialty.specialty_name for doctor in staff.doctors}
    return {
        "specialties": [(uuid, name, uuid == choice.specialty) for uuid, name in specialties.items()],
        "doctors": [(doctor, doctor.uuid in choice.doctors) for doctor in staff.doctors],
    }
