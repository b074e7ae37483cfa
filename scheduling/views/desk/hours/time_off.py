"""Exceptions from the week: time off of a doctor or of the whole clinic, and extra hours."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.models import User
from accounts.who import account_of
from scheduling.access import desk
from scheduling.booking import hours as engine
from scheduling.booking.hours import StrandsOthers
from scheduling.booking.rights import (
    ADD_EXTRA_HOURS,
    ADD_TIME_OFF,
    CHANGE_HOURS,
    REMOVE_EXTRA_HOURS,
    REMOVE_TIME_OFF,
)
from scheduling.booking.rules import Refused
from scheduling.forms.hours import Confirmed
from scheduling.forms.time_off import ExtraHoursForm, SpanForm, TimeOffForm
from scheduling.models import Appointment, Doctor, ExtraHours, TimeOff
from scheduling.views.desk.hours.impact import Impact, finish
from scheduling.views.desk.shared.statuses import REFUSED

Form = type[TimeOffForm] | type[ExtraHoursForm]


@dataclass(frozen=True)
class Adding:
    """One of the pages on which an exception is added."""

    form: Form
    doctor: Doctor | None
    title: str
    saved: str
    submit: str
    back: str

    @property
    def is_time_off(self) -> bool:
        return self.form is TimeOffForm


@desk(CHANGE_HOURS, ADD_TIME_OFF)
@require_http_methods(["GET", "HEAD", "POST"])
def time_off(request: HttpRequest, uuid: UUID) -> HttpResponse:
    doctor = doctor_of(uuid)
    name = {"doctor": doctor.doctor_name}
    return _add(
        request,
        Adding(
            TimeOffForm,
            doctor,
            _("Time off of %(doctor)s") % name,
            _("Time off of %(doctor)s is saved.") % name,
            _("Save time off"),
            reverse("desk:hours", args=[uuid]),
        ),
    )


@desk(CHANGE_HOURS, ADD_TIME_OFF)
@require_http_methods(["GET", "HEAD", "POST"])
def closure(request: HttpRequest) -> HttpResponse:
    """Time off of everybody."""
    return _add(
        request,
        Adding(
            TimeOffForm,
            None,
            _("Close the whole clinic"),
            _("The clinic is closed then: saved."),
            _("Save the closure"),
            reverse("desk:hours-of-all"),
        ),
    )


@desk(CHANGE_HOURS, ADD_EXTRA_HOURS)
@require_http_methods(["GET", "HEAD", "POST"])
def extra_hours(request: HttpRequest, uuid: UUID) -> HttpResponse:
    doctor = doctor_of(uuid)
    name = {"doctor": doctor.doctor_name}
    return _add(
        request,
        Adding(
            ExtraHoursForm,
            doctor,
            _("Extra hours of %(doctor)s") % name,
            _("Extra hours of %(doctor)s are saved.") % name,
            _("Save extra hours"),
            reverse("desk:hours", args=[uuid]),
        ),
    )


@desk(CHANGE_HOURS, REMOVE_TIME_OFF)
@require_POST
def remove_time_off(request: HttpRequest, uuid: UUID) -> HttpResponse:
    row = TimeOff.objects.select_related("doctor").filter(uuid=uuid).first()
    return _remove(request, row, engine.remove_time_off, _("The time off is removed."))


@desk(CHANGE_HOURS, REMOVE_EXTRA_HOURS)
@require_POST
def remove_extra_hours(request: HttpRequest, uuid: UUID) -> HttpResponse:
    row = ExtraHours.objects.select_related("doctor").filter(uuid=uuid).first()
    return _remove(request, row, engine.remove_extra_hours, _("The extra hours are removed."))


def _add(request: HttpRequest, adding: Adding) -> HttpResponse:
    now = timezone.now()
    if request.method != "POST":
        return _page(request, adding, adding.form(initial={"uuid": uuid4()}, now=now))
    form: SpanForm = adding.form(request.POST, now=now)
    if not form.is_valid() or form.span is None:
        return _page(request, adding, form, status=REFUSED)
    try:
        visits = _save(adding, form, by=account_of(request), now=now)
    except Refused as refused:
        for problem in refused.problems:
            form.add_error("starts" if problem.code == "off_the_grid" else "first", problem.message)
        return _page(request, adding, form, status=REFUSED)
    except StrandsOthers as others:
        return _page(request, adding, form, impact=Impact(others.visits, again=form.is_confirmed))
    finish(request, adding.saved, visits, form, now)
    return redirect(adding.back)


def _save(adding: Adding, form: SpanForm, *, by: User, now: datetime) -> list[Appointment]:
    """Only with the visits that the person agreed to: with none of them, before they were shown."""
    typed: dict[str, Any] = form.cleaned_data
    span = form.span
    assert span is not None  # noqa: S101  (the form is valid)
    ask = {"by": by, "now": now, "uuid": typed["uuid"], "agreed": typed["agreed"]}
    if adding.form is TimeOffForm:
        return engine.add_time_off(adding.doctor, span, reason=typed["reason"], **ask)
    assert adding.doctor is not None  # noqa: S101
    return engine.add_extra_hours(adding.doctor, span, by=by, now=now, uuid=typed["uuid"])


def _page(
    request: HttpRequest,
    adding: Adding,
    form: SpanForm,
    *,
    impact: Impact | None = None,
    status: int = 200,
) -> HttpResponse:
    form.begin_at_what_is_wrong()
    context = {"adding": adding, "form": form, "impact": impact, "doctor": adding.doctor}
    return render(request, "desk/hours/time_off.html", context, status=status)


def _remove(
    request: HttpRequest,
    row: TimeOff | ExtraHours | None,
    remove: Callable[..., Sequence[Appointment]],
    done: str,
) -> HttpResponse:
    """At once where it strands nobody; else the visits are shown first."""
    by, now, form = account_of(request), timezone.now(), Confirmed(request.POST)
    if row is None:
        # Somebody was quicker, or it never was: both are as was asked for.
        finish(request, _("It was removed before."), [], form, now)
        return redirect("desk:hours-of-all")
    form.is_valid()
    agreed = form.cleaned_data["agreed"]
    try:
        visits = (
            remove(row.uuid, by=by, now=now, agreed=agreed)
            if isinstance(row, ExtraHours)
            else remove(row.uuid, by=by, now=now)
        )
    except StrandsOthers as others:
        impact = Impact(others.visits, again=form.is_confirmed)
        return render(
            request,
            "desk/hours/extra_hours_remove.html",
            {"row": row, "doctor": row.doctor, "impact": impact, "now": now},
        )
    finish(request, done, visits, form, now)
    return redirect("desk:hours", row.doctor.uuid) if row.doctor else redirect("desk:hours-of-all")


def doctor_of(uuid: UUID | None) -> Doctor:
    """404 where there is none."""
    doctor = Doctor.objects.select_related("specialty").filter(uuid=uuid).first()
    if doctor is None:
        raise Http404
    return doctor
