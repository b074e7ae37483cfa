"""The steps of a visit: one call of the engine each, and an answer in words."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final
from urllib.parse import urlencode
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_POST

from accounts.who import account_of
from scheduling.access import desk
from scheduling.booking import actions, openings, together
from scheduling.booking.actions import Refused, Stale, Wish
from scheduling.booking.proposal import at_another_time
from scheduling.booking.rights import CHANGE_VISITS, VIEW_VISITS
from scheduling.booking.seen import Seen
from scheduling.booking.states import FORWARD
from scheduling.booking.together import Cancel, NotTogether
from scheduling.clock import clinic_zone
from scheduling.forms.steps import CancelForm, StatusForm, UndoForm
from scheduling.models import Appointment, AppointmentEvent, Status
from scheduling.queries import appointments, series
from scheduling.templatetags.clinic import moment
from scheduling.views.desk.shared import offers, refused_together
from scheduling.views.desk.shared.statuses import REFUSED, STALE
from scheduling.views.desk.shared.way_back import way_back
from scheduling.views.desk.visit import answers, those_after
from scheduling.views.desk.visit.page import NotDone

EventKind = AppointmentEvent.Kind
IS_NOW: Final[Mapping[Status, str | Promise]] = {
    Status.CONFIRMED: gettext_lazy("%(patient)s, %(when)s: confirmed."),
    Status.ARRIVED: gettext_lazy("%(patient)s has arrived."),
    Status.IN_PROGRESS: gettext_lazy("%(patient)s is with %(doctor)s now."),
    Status.COMPLETED: gettext_lazy("%(patient)s: the visit is completed."),
    Status.NO_SHOW: gettext_lazy("%(patient)s did not come: noted. The time is free."),
    Status.CANCELLED: gettext_lazy("%(patient)s, %(when)s: cancelled. The time is free."),
    Status.ENTERED_IN_ERROR: gettext_lazy("%(patient)s, %(when)s: marked as entered in error."),
}


@desk(VIEW_VISITS, CHANGE_VISITS)
@require_POST
def status(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """One step on. "Entered in error" is one too, and asks for a reason."""
    now, form = timezone.now(), StatusForm(request.POST)
    if not form.is_valid():
        if form.is_about_reason:
            return answers.beside_field(request, uuid, form, now=now, in_error=form)
        return answers.unreadable(request, uuid, form.complaints, now=now)
    to = Status(form.cleaned_data["status"])
    try:
        visit = actions.set_status(
            form.seen(uuid), to, by=account_of(request), now=now, reason=form.cleaned_data["reason"]
        )
    except Appointment.DoesNotExist:
        raise Http404 from None
    except Stale as stale:
        kept = StatusForm(initial=form.cleaned_data | {"version": stale.current.version})
        refusal = answers.changed_meanwhile(request, stale, now=now)
        return answers.refused(request, uuid, refusal, now=now, status=STALE, in_error=kept)
    except Refused as refused:
        return answers.refused(request, uuid, answers.not_done(refused), now=now, in_error=form)
    return answers.done(
        request, visit, _sentence(IS_NOW[to], visit, now), now=now, undo=answers.undo_of(request, visit)
    )


@desk(VIEW_VISITS, CHANGE_VISITS)
@require_POST
def undo(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """The last change of status taken back, or another that is true instead (`to`)."""
    now, form = timezone.now(), UndoForm(request.POST)
    if not form.is_valid():
        return answers.unreadable(request, uuid, form.complaints, now=now)
    try:
        visit = actions.undo(form.seen(uuid), form.target, by=account_of(request), now=now)
    except Appointment.DoesNotExist:
        raise Http404 from None
    except Stale as stale:
        refusal = answers.changed_meanwhile(request, stale, now=now)
        return answers.refused(request, uuid, refusal, now=now, status=STALE)
    except Refused as refused:
        refusal = _done_together(uuid, refused) or _not_back(uuid, refused, now)
        return answers.refused(request, uuid, refusal, now=now)
    sentence = _sentence(_("Undone. %(patient)s, %(when)s: %(status)s."), visit, now)
    return answers.done(request, visit, sentence, now=now)


@desk(VIEW_VISITS, CHANGE_VISITS)
@require_http_methods(["GET", "HEAD", "POST"])
def cancel(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Calling a visit off: a form of its own, also for those who come from the board."""
    now = timezone.now()
    if request.method == "POST":
        return _cancel(request, uuid, now)
    visit = answers.visit_of(uuid)
    if Status.CANCELLED not in FORWARD[Status(visit.status)]:
        return answers.not_from_here(request, visit)
    form = CancelForm(initial={"version": visit.version})
    form.focus = "wish"
    return _cancelling(request, visit, form, now=now)


def _cancelling(
    request: HttpRequest, visit: Appointment, form: CancelForm, *, now: datetime, status: int = 200
) -> HttpResponse:
    regular = those_after.of(visit, request.POST)
    context = {
        "appointment": visit,
        "cancelling": form,
        "regular": regular,
        "now": now,
        "next": way_back(request),
    }
    return render(request, "desk/visit/cancel.html", context, status=status)


def _cancel(request: HttpRequest, uuid: UUID, now: datetime) -> HttpResponse:
    form = CancelForm(request.POST)
    if not form.is_valid():
        return _not_cancelled(request, uuid, form, now)
    typed = form.cleaned_data
    visit = answers.visit_of(uuid)
    if visit.series and (seen := those_after.meant(visit, request.POST)):
        return _cancel_many(request, visit, visit.series.uuid, [form.seen(uuid), *seen], form, now)
    try:
        visit = actions.cancel(
            form.seen(uuid), reason=typed["reason"], wish=Wish(typed["wish"]), by=account_of(request), now=now
        )
    except Appointment.DoesNotExist:
        raise Http404 from None
    except Stale as stale:
        # What was typed stays, for the visit as it is now.
        kept = CancelForm(initial=typed | {"version": stale.current.version})
        refusal = answers.changed_meanwhile(request, stale, now=now)
        return answers.refused(request, uuid, refusal, now=now, status=STALE, cancelling=kept)
    except Refused as refused:
        return answers.refused(request, uuid, answers.not_done(refused), now=now, cancelling=form)
    sentence = _sentence(IS_NOW[Status.CANCELLED], visit, now)
    return answers.done(request, visit, sentence, now=now, undo=answers.undo_of(request, visit))


def _cancel_many(
    request: HttpRequest,
    visit: Appointment,
    series: UUID,
    seen: Sequence[Seen],
    form: CancelForm,
    now: datetime,
) -> HttpResponse:
    """The visit and those of its series after it, in one commit."""
    typed = form.cleaned_data
    asked = [Cancel(seen=one, wish=Wish(typed["wish"])) for one in seen]
    try:
        done = together.change(asked, by=account_of(request), now=now, reason=typed["reason"], series=series)
    except NotTogether as refused:
        whys = refused_together.why_not(those_after.behind(visit), refused.in_the_way, now)
        return answers.refused(
            request,
            visit.uuid,
            NotDone(_("Nothing was cancelled"), whys),
            now=now,
            status=STALE,
            cancelling=form,
        )
    said = ngettext(
        "%(n)s visit is cancelled. Its time is free.",
        "%(n)s visits are cancelled. Their times are free.",
        len(done),
    )
    return answers.done_together(request, done, said % {"n": len(done)}, series)


def _not_cancelled(request: HttpRequest, uuid: UUID, form: CancelForm, now: datetime) -> HttpResponse:
    """The form again where it stood, a page or a fold of one, at the field that is wrong."""
    if not form.is_readable:
        refusal = NotDone(_("Nothing was changed"), form.complaints)
        return answers.refused(request, uuid, refusal, now=now, cancelling=form)
    form.focus = next(iter(form.errors))
    visit = appointments.find(uuid) if request.POST.get("alone") else None
    if visit is None:
        return answers.beside_field(request, uuid, form, now=now, cancelling=form)
    return _cancelling(request, visit, form, now=now, status=REFUSED)


def _sentence(sentence: str | Promise, visit: Appointment, now: datetime) -> str:
    return str(sentence) % {
        "patient": visit.patient.full_name,
        "doctor": visit.doctor.doctor_name,
        "when": moment(visit.appointment_datetime, now),
        "status": visit.get_status_display(),
    }


def _not_back(uuid: UUID, refused: Refused, now: datetime) -> NotDone:
    """Why a visit cannot come back; where its time is gone, who has it and what is free near it."""
    refusal, visit = answers.not_done(refused), appointments.find(uuid)
    if visit is None or refused.codes.isdisjoint({"doctor_taken", "patient_taken"}):
        return refusal
    wished = at_another_time(visit, doctor=visit.doctor, start=visit.appointment_datetime)
    nearest = offers.grouped(openings.nearest(wished, now=now), wished, now=now, zone=clinic_zone())
    in_the_way = appointments.in_the_way_of(visit)
    return NotDone(refusal.heading, refusal.sentences, in_the_way, nearest, _same_patient(visit))


def _done_together(uuid: UUID, refused: Refused) -> NotDone | None:
    """Where to undo what was done last with this visit, and with others of its series in the same go."""
    visit = None
    if refused.codes & {"nothing_to_undo", "not_allowed"}:
        visit = appointments.find(uuid)
    if visit is None or visit.series is None:
        return None
    joint = series.done_together(series.visits_of(visit.series.pk))
    if joint is None or visit not in joint.visits or joint.kind == EventKind.CANCELLED:
        return None
    n = len(joint.visits)
    said = ngettext(
        "{n} visit was changed in one go: this one. {link}",
        "{n} visits were changed in one go, this one too. {link}",
        n,
    )
    address = reverse("desk:series", args=[visit.series.uuid])
    link = format_html('<a href="{}">{}</a>', address, _("Undo it on the page of the series"))
    return NotDone(_("Nothing was changed"), [format_html(said, n=n, link=link)])


def _same_patient(visit: Appointment) -> str:
    """The query by which the booking page takes over patient and visit type."""
    query = {"patient": str(visit.patient.uuid)}
    if visit.visit_type is not None:
        query["visit_type"] = str(visit.visit_type.uuid)
    return urlencode(query)
