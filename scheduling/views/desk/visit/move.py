"""Moving a visit: what was and what will be, side by side, and the confirmation."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.who import account_of
from scheduling.access import desk, filled_again_by
from scheduling.booking import actions, openings, states
from scheduling.booking.actions import Refused, Stale
from scheduling.booking.proposal import at_another_time
from scheduling.booking.rights import CHANGE_VISITS, OVERBOOK, VIEW_VISITS, rights_of
from scheduling.booking.rules import Problem
from scheduling.clock import clinic_zone
from scheduling.forms.fields import uuid_of
from scheduling.forms.steps import MoveForm, instant_of
from scheduling.models import Appointment, Doctor
from scheduling.templatetags.clinic import moment
from scheduling.templatetags.toasts import move_tag
from scheduling.times import clinic_day, possible
from scheduling.views.desk.shared import offers
from scheduling.views.desk.shared.statuses import REFUSED, STALE
from scheduling.views.desk.shared.typed import shown_by_get, to_shown
from scheduling.views.desk.shared.way_back import way_back
from scheduling.views.desk.visit import answers, those_after
from scheduling.views.desk.visit.page import NotDone


@dataclass(frozen=True)
class Target:
    """Where the visit would stand."""

    doctor: Doctor
    start: datetime  # aware
    end: datetime
    link: str  # the start as our links carry it


@dataclass(frozen=True)
class Obstacles:
    """What stands against the target, parted by whether this person may override it."""

    firm: Sequence[Problem]
    soft: Sequence[Problem]

    @property
    def codes(self) -> str:
        return " ".join(problem.code for problem in self.soft)


@desk(VIEW_VISITS, CHANGE_VISITS)
@require_http_methods(["GET", "HEAD", "POST"])
def move(request: HttpRequest, uuid: UUID) -> HttpResponse:
    now, visit = timezone.now(), answers.visit_of(uuid)
    if request.method == "POST":
        return _save(request, visit, now)
    if visit.status not in states.MOVABLE:
        return answers.not_from_here(request, visit)
    if not request.GET.get("doctor") and not request.GET.get("start"):
        return redirect(_board_of(visit, now))
    target = _target(visit, request.GET.get("doctor"), request.GET.get("start"))
    if target is None:
        messages.warning(request, _("The link to that time could not be read. Pick a free time."))
        return redirect(_board_of(visit, now))
    return _page(request, visit, target, MoveForm(), now)


@filled_again_by("desk:move-choose")
@desk(VIEW_VISITS, CHANGE_VISITS)
@require_http_methods(["GET", "HEAD", "POST"])
@shown_by_get("desk:move-choose", start="desk:appointment")
def choose(request: HttpRequest, typed: QueryDict, uuid: UUID) -> HttpResponse:
    """Another time was picked from those offered: the same page for it, with the reason as typed."""
    now, visit = timezone.now(), answers.visit_of(uuid)
    doctor, _bar, start = typed.get("choice", "").partition("|")
    target = _target(visit, doctor, start)
    if target is None:
        return answers.unreadable(request, uuid, [_("That time could not be read. Pick another.")], now=now)
    return _page(request, visit, target, MoveForm(initial={"reason": typed.get("reason", "")}), now)


def _save(request: HttpRequest, visit: Appointment, now: datetime) -> HttpResponse:
    form = MoveForm(request.POST)
    target = _target(visit, request.POST.get("doctor"), request.POST.get("start"))
    if target is None:
        return answers.unreadable(request, visit.uuid, form.complaints or [_("Pick a free time.")], now=now)
    if not form.is_valid():
        refusal = NotDone(_("Not moved yet"), form.complaints)
        return _page(request, visit, target, form, now, refusal=refusal, status=REFUSED)
    if those_after.meant(visit, request.POST):
        address = reverse("desk:move-after", args=[visit.uuid])
        return to_shown(request, "desk:move-after", request.POST, address, now=now)
    typed = form.cleaned_data
    try:
        moved = actions.move(
            form.seen(visit.uuid),
            doctor=target.doctor,
            start=target.start,
            by=account_of(request),
            now=now,
            reason=typed["reason"],
            accepted=typed["accepted"],
        )
    except Stale as stale:
        refusal = answers.changed_meanwhile(request, stale, now=now)
        if stale.current.status not in states.MOVABLE:
            return answers.refused(request, visit.uuid, refusal, now=now, status=STALE)
        return _page(request, stale.current, target, form, now, refusal=refusal, status=STALE)
    except Refused as refused:
        if "not_from_here" in refused.codes:
            return answers.refused(request, visit.uuid, answers.not_done(refused), now=now)
        return _refused(request, visit, target, form, now, refused)
    return _done(request, visit, moved, now)


def _done(request: HttpRequest, before: Appointment, moved: Appointment, now: datetime) -> HttpResponse:
    """To the day on which it stands now. A move is taken back by another one, if there is time for it."""
    words = {
        "patient": moved.patient.full_name,
        "when": moment(moved.appointment_datetime, now),
        "doctor": moved.doctor.doctor_name,
    }
    sentence = _("%(patient)s: moved to %(when)s with %(doctor)s.") % words
    was = before.appointment_datetime
    undo = move_tag(moved, before.doctor.uuid, was) if was > now and moved.version > before.version else ""
    return answers.done(request, moved, sentence, now=now, undo=undo, to=answers.board_with(moved))


def _refused(
    request: HttpRequest,
    visit: Appointment,
    target: Target,
    form: MoveForm,
    now: datetime,
    refused: Refused,
) -> HttpResponse:
    """Just taken, or never possible: the reason is kept, and the nearest free times are offered."""
    sentences = [problem.message for problem in refused.problems]
    sentences.append(_("The visit stays where it was. Your reason is kept."))
    refusal = NotDone(_("Not moved"), sentences)
    return _page(request, visit, target, form, now, refusal=refusal, status=REFUSED)


def _page(
    request: HttpRequest,
    visit: Appointment,
    target: Target,
    form: MoveForm,
    now: datetime,
    *,
    refusal: NotDone | None = None,
    status: int = 200,
) -> HttpResponse:
    wished = at_another_time(visit, doctor=target.doctor, start=target.start)
    stays = (visit.doctor_id, visit.appointment_datetime) == (target.doctor.pk, wished.start)
    problems = [] if stays else openings.why_not(wished, now=now, moving=visit)
    obstacles = _parted(problems, rights_of(account_of(request)) if problems else frozenset())
    nearest = openings.nearest(wished, now=now, moving=visit) if problems else []
    zone = clinic_zone()
    start = visit.appointment_datetime
    context: Mapping[str, Any] = {
        "appointment": visit,
        "target": target,
        "stays": stays,
        "same_day": clinic_day.day_of(start, zone) == clinic_day.day_of(target.start, zone),
        "form": form,
        "refusal": refusal,
        "obstacles": obstacles,
        "accepted": form["accepted"].value() or "",
        "offers": offers.grouped(nearest, wished, now=now, zone=zone),
        "board": _board_of(visit, now),
        "regular": those_after.of(visit, request.POST),
        "now": now,
        "next": way_back(request),
    }
    return render(request, "desk/visit/move.html", context, status=status)


def _parted(problems: Sequence[Problem], rights: frozenset[str]) -> Obstacles:
    soft = [problem for problem in problems if problem.right in rights - {OVERBOOK}]
    return Obstacles([problem for problem in problems if problem not in soft], soft)


def _target(visit: Appointment, doctor: str | None, start: str | None) -> Target | None:
    uuid, at = uuid_of(doctor), instant_of(start or "", clinic_zone())
    row = None if uuid is None else Doctor.objects.select_related("specialty").filter(uuid=uuid).first()
    if row is None or at is None:
        return None
    end = at + timedelta(minutes=visit.minutes)
    return Target(row, at, end, at.astimezone(clinic_zone()).isoformat())


def _board_of(visit: Appointment, now: datetime) -> str:
    """The board on which a free time is picked: the visit's own day; today where that has passed, or can't
    be."""
    start = possible.meant(visit.appointment_datetime, now)
    day = clinic_day.day_of(max(start, now), clinic_zone())
    return f"{reverse('desk:day', args=[day])}?moving={visit.uuid}"
