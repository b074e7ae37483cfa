"""Blocks: a part of a doctor's day that the desk takes out, and gives back."""

from uuid import UUID, uuid4

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.who import account_of
from scheduling.access import desk
from scheduling.booking import hours as engine
from scheduling.booking.hours import Refused, StrandsOthers
from scheduling.booking.rights import BLOCK_TIME, VIEW_VISITS
from scheduling.clock import clinic_today, clinic_zone
from scheduling.forms.fields import uuid_of
from scheduling.forms.time_off import BlockForm
from scheduling.models import Doctor, TimeOff
from scheduling.templatetags.spans import span_as_text
from scheduling.templatetags.toasts import block_tag
from scheduling.times import clinic_day
from scheduling.views.desk.hours.impact import Impact, finish
from scheduling.views.desk.hours.time_off import doctor_of
from scheduling.views.desk.shared.statuses import REFUSED
from scheduling.views.desk.shared.way_back import way_back


@desk(VIEW_VISITS, BLOCK_TIME)
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest) -> HttpResponse:
    """Of the doctor that the link or the form names, with the stretch that was marked. The visits that stand
    in it are shown first, and kept: as with any time off."""
    whose = request.POST.get("doctor") or request.GET.get("doctor")
    if whose is None:
        return redirect("desk:today")  # where one is chosen
    now, doctor = timezone.now(), doctor_of(uuid_of(whose))
    if request.method != "POST":
        form = BlockForm(initial={"uuid": uuid4()} | BlockForm.marked(request.GET.dict()), now=now)
        return _page(request, doctor, form)
    form = BlockForm(request.POST, now=now)
    if not form.is_valid() or form.span is None:
        return _page(request, doctor, form, status=REFUSED)
    typed = form.cleaned_data
    about = {"reason": typed["reason"], "uuid": typed["uuid"], "agreed": typed["agreed"]}
    try:
        visits = engine.add_time_off(
            doctor, form.span, by=account_of(request), now=now, is_block=True, **about
        )
    except Refused as refused:
        for problem in refused.problems:
            form.add_error("starts", problem.message)
        return _page(request, doctor, form, status=REFUSED)
    except StrandsOthers as others:
        return _page(request, doctor, form, impact=Impact(others.visits, again=form.is_confirmed))
    said = {"doctor": doctor.doctor_name, "reason": typed["reason"]}
    said["when"] = span_as_text(TimeOff(starts_at=form.span.start, ends_at=form.span.end), now)
    sentence = _("%(doctor)s, %(when)s: blocked for “%(reason)s”.") % said
    finish(request, sentence, visits, form, now, tag=block_tag(typed["uuid"]))
    return redirect(way_back(request) or _board(typed["first"]))


@desk(VIEW_VISITS, BLOCK_TIME)
@require_safe
def block(request: HttpRequest, uuid: UUID) -> HttpResponse:
    row = _row(uuid)
    if row is None:
        raise Http404
    day = clinic_day.day_of(row.starts_at, clinic_zone())
    context = {"row": row, "day": day, "now": timezone.now(), "next": way_back(request)}
    return render(request, "desk/hours/block.html", context)


@desk(VIEW_VISITS, BLOCK_TIME)
@require_POST
def remove(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """The time can be booked again."""
    now, row = timezone.now(), _row(uuid)
    if row is None or row.doctor is None:
        # Somebody was quicker: it is as was asked for. A doctor's own time off is no matter of this page.
        if TimeOff.objects.filter(uuid=uuid).exists():
            raise Http404
        messages.info(request, _("It was removed before."))
        return redirect(way_back(request) or _board(clinic_today(now)))
    engine.remove_time_off(uuid, by=account_of(request), now=now)
    said = {"doctor": row.doctor.doctor_name, "when": span_as_text(row, now)}
    messages.success(request, _("%(doctor)s, %(when)s: not blocked any more.") % said)
    return redirect(way_back(request) or _board(clinic_day.day_of(row.starts_at, clinic_zone())))


def _row(uuid: UUID) -> TimeOff | None:
    return TimeOff.objects.select_related("doctor__specialty").filter(uuid=uuid, is_block=True).first()


def _board(day: object) -> str:
    return reverse("desk:day", args=[day])


def _page(
    request: HttpRequest, doctor: Doctor, form: BlockForm, *, impact: Impact | None = None, status: int = 200
) -> HttpResponse:
    form.begin_at_what_is_wrong()
    context = {"doctor": doctor, "form": form, "impact": impact, "day": form.day, "next": way_back(request)}
    return render(request, "desk/hours/block_add.html", context, status=status)
