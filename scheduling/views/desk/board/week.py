"""One doctor's week: seven days side by side, of the same pieces as the day of all doctors."""

from dataclasses import replace
from datetime import date, timedelta
from functools import partial
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.who import account_of
from scheduling.access import desk, may_open, polled
from scheduling.booking.rights import VIEW_VISITS
from scheduling.clock import clinic_zone
from scheduling.forms.board import Choice, choice_of
from scheduling.forms.fields import uuid_of
from scheduling.models import Doctor
from scheduling.queries import board as rows_of_board
from scheduling.queries import doctors as rows_of_doctors
from scheduling.queries import tokens
from scheduling.times import clinic_day
from scheduling.times.intervals import Interval
from scheduling.views.desk.board import month, shown, weeks
from scheduling.views.desk.board.day import typed_day
from scheduling.views.desk.board.reading import of_move

SEVEN_DAYS = timedelta(days=7)


@desk(VIEW_VISITS)
@require_safe
def go(request: HttpRequest) -> HttpResponse:
    """To the week of the day that was typed beside "Go"; without a doctor, to the day of all."""
    if not request.GET.get("doctor"):
        return redirect("desk:today")
    doctor = uuid_of(request.GET["doctor"])
    if doctor is None:
        raise Http404
    asked = choice_of(request.GET)
    choice = Choice(cancelled=asked.cancelled, moving=asked.moving)
    return redirect(choice.at(reverse("desk:week", args=[doctor, typed_day(request)])))


@desk(VIEW_VISITS)
@require_safe
def week(request: HttpRequest, uuid: UUID, monday: date) -> HttpResponse:
    return render(request, "desk/board/week.html", _page(request, uuid, monday, choice_of(request.GET)))


@polled
@desk(VIEW_VISITS)
@require_safe
def changes_of(request: HttpRequest, uuid: UUID, monday: date) -> HttpResponse:
    """The week again, or 204 where nothing has changed since the token was given."""
    if request.GET.get("token") == tokens.token(_span(monday), timezone.now()):
        return HttpResponse(status=204)
    return render(request, "desk/board/_board.html", _page(request, uuid, monday, choice_of(request.GET)))


def _span(monday: date) -> Interval:
    zone = clinic_zone()
    last = clinic_day.whole_day(monday + timedelta(days=6), zone)
    return Interval(clinic_day.whole_day(monday, zone).start, last.end)


def _page(request: HttpRequest, uuid: UUID, monday: date, asked: Choice) -> dict[str, Any]:
    now = timezone.now()
    choice = Choice(cancelled=asked.cancelled, moving=asked.moving)
    account = account_of(request)
    moving = shown.moved_visit(choice) if may_open(account, "desk:move") else None
    staff = rows_of_board.staff_of(_span(monday), now=now, only=uuid, **of_move(moving))
    if not staff.doctors:
        raise Http404
    zone = clinic_zone()
    today = clinic_day.day_of(now, zone)
    viewer = shown.viewer_of(account, is_moving=moving is not None)
    doctor = staff.doctors[0]
    return _addresses(uuid, monday, today, choice) | {
        "board": shown.of_week(monday, staff, choice, viewer, now=now, moving=moving),
        "doctor": doctor,
        "day": monday,
        "monday": monday,
        "week_number": monday.isocalendar().week,
        "week_year": monday.isocalendar().year,
        "zone": zone.key,
        "today": today,
        "choice": choice,
        "kept": [*choice.pairs(), ("doctor", str(uuid))],
        "moving": moving,
        "weeks_on": weeks.on(moving, now, lambda day: choice.at(reverse("desk:week", args=[uuid, day]))),
        "doctors": partial(_doctors, doctor),  # asked for where they are offered
        "is_week": True,
    }


def _addresses(uuid: UUID, monday: date, today: date, choice: Choice) -> dict[str, Any]:
    """Where one can go on from a week, with the same choice."""
    is_now = monday <= today < monday + SEVEN_DAYS

    def at(day: date) -> str:
        return choice.at(reverse("desk:week", args=[uuid, day]))

    return {
        "month": month.address_of(monday, choice, uuid),
        "all_doctors": replace(choice, week_of=uuid).at(
            reverse("desk:day", args=[today if is_now else monday])
        ),
        "steps": {"back": at(monday - SEVEN_DAYS), "on": at(monday + SEVEN_DAYS), "now": at(today)},
        "is_now": is_now,
        "toggle_cancelled": choice.toggled().at(reverse("desk:week", args=[uuid, monday])),
        "changes": choice.at(reverse("desk:week-changes", args=[uuid, monday])),
    }


def _doctors(present: Doctor) -> list[Doctor]:
    """Whose week can be turned to, by specialty: those who are active, and the one whose it is. 1 query."""
    found = {doctor.pk: doctor for doctor in [*rows_of_doctors.of(None), present]}
    return sorted(found.values(), key=lambda one: (one.specialty.specialty_name, one.doctor_name, one.pk))
