"""Correcting a visit: what is right, beside what it comes to, and the saving."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from accounts.who import account_of
from scheduling.access import desk, filled_again_by
from scheduling.booking import actions, states
from scheduling.booking import series_later as engine
from scheduling.booking.actions import Edit, Refused, Stale
from scheduling.booking.rights import CHANGE_VISITS, VIEW_PATIENTS, VIEW_VISITS
from scheduling.booking.seen import Seen
from scheduling.booking.together import NotTogether
from scheduling.clock import clinic_zone
from scheduling.forms.edit import EditForm, dragged
from scheduling.forms.steps import UndoForm, offered_time_of
from scheduling.models import Appointment, Doctor
from scheduling.templatetags.clinic import moment
from scheduling.templatetags.toasts import undo_edit_tag
from scheduling.views.desk.booking import page as booking_page
from scheduling.views.desk.shared.statuses import REFUSED, STALE
from scheduling.views.desk.shared.typed import shown_by_get
from scheduling.views.desk.shared.way_back import way_back
from scheduling.views.desk.visit import answers, edit_refused, those_after
from scheduling.views.desk.visit.edit_preview import preview_of
from scheduling.views.desk.visit.edit_refused import NOT_ASKED, Answer
from scheduling.views.desk.visit.page import NotDone


@filled_again_by("desk:edit-fill")
@desk(VIEW_VISITS, VIEW_PATIENTS, CHANGE_VISITS)
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, uuid: UUID) -> HttpResponse:
    now, visit = timezone.now(), answers.visit_of(uuid)
    if request.method == "POST":
        return _save(request, visit, now)
    if visit.status not in states.EDITABLE:
        return answers.not_from_here(request, visit)
    if asked := dragged(request.GET.dict(), visit):
        return _page(request, visit, EditForm(initial=asked, visit=visit), now, focus="save")
    return _page(request, visit, EditForm(visit=visit), now)


@filled_again_by("desk:edit-fill")
@desk(VIEW_VISITS, VIEW_PATIENTS, CHANGE_VISITS)
@require_http_methods(["GET", "HEAD", "POST"])
@shown_by_get("desk:edit-fill", start="desk:edit")
def fill(request: HttpRequest, typed: QueryDict, uuid: UUID) -> HttpResponse:
    """The form again with what is typed in it: after "Find", or after signing in again. A script asks for the
    patients found, or for what it comes to."""
    now, visit = timezone.now(), answers.visit_of(uuid)
    form = EditForm(initial=typed.dict(), visit=visit)
    if not answers.is_part(request):
        return _page(request, visit, form, now, focus="hit" if "find" in typed else "visit_type")
    if request.headers.get("HX-Target") == "hits":
        context = {"search": booking_page.search(typed.dict(), now=now), "focus": ""}
        return render(request, "desk/booking/_found.html", context)
    preview = preview_of(typed, visit)
    context = {"appointment": visit, "preview": preview, "form": form, "is_part": True}
    return render(request, "desk/visit/_edit_preview.html", context)


@desk(VIEW_VISITS, VIEW_PATIENTS, CHANGE_VISITS)
@require_POST
def undo_edit(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """The last correction taken back, if nothing was done since."""
    now, form = timezone.now(), UndoForm(request.POST)
    if not form.is_valid():
        return answers.unreadable(request, uuid, form.complaints, now=now)
    try:
        visit = actions.undo_edit(form.seen(uuid), by=account_of(request), now=now)
    except Appointment.DoesNotExist:
        raise Http404 from None
    except Stale as stale:
        refusal = answers.changed_meanwhile(request, stale, now=now)
        return answers.refused(request, uuid, refusal, now=now, status=STALE)
    except Refused as refused:
        return answers.refused(request, uuid, answers.not_done(refused), now=now)
    sentence = _("Undone. %(patient)s, %(when)s: the visit is as it was before.") % _words(visit, now)
    return answers.done(request, visit, sentence)


def _words(visit: Appointment, now: datetime) -> dict[str, str]:
    return {
        "patient": visit.patient.full_name,
        "doctor": visit.doctor.doctor_name,
        "when": moment(visit.appointment_datetime, now),
    }


def _save(request: HttpRequest, visit: Appointment, now: datetime) -> HttpResponse:
    typed = request.POST.copy()
    if kept := typed.get("keep"):  # the button that gives the new length up
        typed["minutes"] = kept
        typed["minutes_shown"] = ""
    form = EditForm(typed, visit=visit)
    if not form.is_valid():
        refusal = NotDone(_("Nothing is saved yet"), form.complaints)
        return _page(request, visit, form, now, answer=Answer(refusal), status=REFUSED)
    asked = _with_place(form.edit(), typed.get("choice", ""))
    if asked is None:
        refusal = NotDone(_("Nothing is saved yet"), [_("That time could not be read. Pick another.")])
        return _page(request, visit, form, now, answer=Answer(refusal), status=REFUSED)
    if visit.series and (after := those_after.meant(visit, typed)):
        return _save_many(request, visit, visit.series.uuid, form, after, now)
    try:
        seen = form.seen(visit.uuid)
        edited = actions.edit(seen, asked, by=account_of(request), now=now, accepted=form.accepted_codes)
    except Stale as stale:
        refusal = answers.changed_meanwhile(request, stale, now=now)
        if stale.current.status not in states.EDITABLE:
            return answers.refused(request, visit.uuid, refusal, now=now, status=STALE)
        again = EditForm(initial=typed.dict() | {"version": str(stale.current.version)}, visit=stale.current)
        return _page(request, stale.current, again, now, answer=Answer(refusal), status=STALE)
    except Refused as refused:
        if "not_from_here" in refused.codes:
            return answers.refused(request, visit.uuid, answers.not_done(refused), now=now)
        form.refuse(refused.problems)
        return _refused(request, visit, form, asked, refused, now)
    return _done(request, edited, now, is_new=edited.version > seen.version, moved=asked.start is not None)


def _save_many(
    request: HttpRequest,
    visit: Appointment,
    series: UUID,
    form: EditForm,
    after: Sequence[Seen],
    now: datetime,
) -> HttpResponse:
    """What is changed of this visit, changed of those of its series after it as well, in one commit."""
    asked, typed, account = form.edit().only_new(visit), request.POST, account_of(request)
    without = typed.get("without", "").split()  # the button that leaves those out which don't fit
    asked_for = [form.seen(visit.uuid), *after]
    seen = [one for one in asked_for if str(one.uuid) not in without] or asked_for
    keep = bool(typed.get("keep"))
    try:
        done = engine.edit_all(seen, asked, series=series, by=account, now=now, keep_lengths=keep)
    except NotTogether as refused:
        meant = {one.uuid for one in seen}
        visits = [one for one in those_after.behind(visit) if one.uuid in meant]
        answer = edit_refused.of_many(visit, asked, visits, refused, now)
        return _page(request, visit, form, now, status=REFUSED, answer=answer)
    said = ngettext("%(n)s visit is corrected.", "%(n)s visits are corrected.", len(done))
    return answers.done_together(request, done, said % {"n": len(done)}, series)


def _with_place(asked: Edit, choice: str) -> Edit | None:
    """With the free time that was pressed, if one was; None where it cannot be read."""
    if not choice:
        return asked
    uuid, start = offered_time_of(choice, clinic_zone()) or (None, None)
    doctor = uuid and Doctor.objects.select_related("specialty").filter(uuid=uuid).first()
    return replace(asked, doctor=doctor, start=start) if doctor else None


def _done(
    request: HttpRequest, visit: Appointment, now: datetime, *, is_new: bool, moved: bool
) -> HttpResponse:
    words = _words(visit, now)
    if not is_new:
        messages.info(request, _("Nothing to correct: %(patient)s, %(when)s stays as it was.") % words)
        return redirect(way_back(request) or reverse("desk:appointment", args=[visit.uuid]))
    sentence, to = _("%(patient)s, %(when)s: corrected."), ""
    if moved:
        sentence = _("%(patient)s: corrected, and moved to %(when)s with %(doctor)s.")
        to = answers.board_with(visit)
    return answers.done(request, visit, sentence % words, undo=undo_edit_tag(visit), to=to)


def _refused(
    request: HttpRequest,
    visit: Appointment,
    form: EditForm,
    asked: Edit,
    refused: Refused,
    now: datetime,
) -> HttpResponse:
    """What is in the way by name, and the nearest free times: all that was typed is kept."""
    answer = edit_refused.of(visit, asked, refused, account=account_of(request), now=now)
    return _page(request, visit, form, now, status=REFUSED, answer=answer)


def _page(
    request: HttpRequest,
    visit: Appointment,
    form: EditForm,
    now: datetime,
    *,
    answer: Answer = NOT_ASKED,
    status: int = 200,
    focus: str = "visit_type",
) -> HttpResponse:
    """`focus`: where the page begins, if nothing was refused: a field, a "hit" of the search, or "save"."""
    values: Mapping[str, Any] = form.data if form.is_bound else form.initial
    search = booking_page.search(values, now=now)
    if answer.refusal:
        focus = "alert"
    elif focus == "hit" and not search.hits:
        focus = "q"
    if focus in form.fields:
        form.fields[focus].widget.attrs["autofocus"] = True
    context: Mapping[str, Any] = vars(answer) | {
        "appointment": visit,
        "form": form,
        "preview": preview_of(values, visit),
        "search": search,
        "focus": focus,
        "regular": those_after.of(visit, values),
        "now": now,
        "next": way_back(request),
    }
    return render(request, "desk/visit/edit.html", context, status=status)
