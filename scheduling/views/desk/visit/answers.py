"""What a step answers: done, with a message in passing; or why not, on the visit's page or as a message."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.who import account_of
from scheduling.booking import rules
from scheduling.booking.actions import Refused, Stale
from scheduling.booking.rights import UNDO, rights_of
from scheduling.clock import clinic_zone
from scheduling.forms.steps import StepForm
from scheduling.models import Appointment, Status
from scheduling.queries import appointments
from scheduling.templatetags.toasts import undo_series_tag, undo_tag, visit_tag
from scheduling.times import clinic_day
from scheduling.views.desk.shared import told
from scheduling.views.desk.shared.statuses import REFUSED
from scheduling.views.desk.shared.way_back import way_back
from scheduling.views.desk.visit import history
from scheduling.views.desk.visit import page as visit_page
from scheduling.views.desk.visit.page import NotDone


def visit_of(uuid: UUID) -> Appointment:
    """The visit that an address names; 404 where there is none."""
    visit = appointments.find(uuid)
    if visit is None:
        raise Http404
    return visit


def is_part(request: HttpRequest) -> bool:
    """Whether a script asks, for a part of the page that it stays on."""
    return bool(getattr(request, "htmx", False))


def done(
    request: HttpRequest,
    visit: Appointment,
    sentence: str,
    *,
    now: datetime | None = None,
    undo: str = "",
    to: str = "",
) -> HttpResponse:
    """Back to where the button was (`next`), else `to`, else the visit's page; with a message, which takes it
    back where it has the tag for that (`undo`), and, `now` given, says what the patient gets."""
    if now is not None and (also := told.after_a_change(visit, now)):
        sentence = f"{sentence} {also}"
    messages.success(request, sentence, undo or visit_tag(visit.uuid))
    if is_part(request):
        answer = toasts(request)
        answer["Visit-Version"] = str(visit.version)  # what the next press acts on, before the board has it
        return answer
    return redirect(way_back(request) or to or reverse("desk:appointment", args=[visit.uuid]))


def done_together(
    request: HttpRequest, visits: Sequence[Appointment], sentence: str, series: UUID
) -> HttpResponse:
    """Several of a series are changed: with a message that takes all of it back."""
    may = visits[0].status != Status.CANCELLED or UNDO in rights_of(account_of(request))
    at = max(visit.updated_at for visit in visits)
    undo = undo_series_tag(series, at) if may else ""
    return done(request, visits[0], sentence, undo=undo, to=reverse("desk:series", args=[series]))


def board_with(visit: Appointment) -> str:
    """The day on which it stands now, where it has the focus."""
    day = clinic_day.day_of(visit.appointment_datetime, clinic_zone())
    return f"{reverse('desk:day', args=[day])}?moved={visit.uuid}"


def undo_of(request: HttpRequest, visit: Appointment) -> str:
    """The tag of a message that takes back a step; "" for whom may not."""
    return undo_tag(visit) if UNDO in rights_of(account_of(request)) else ""


def toasts(request: HttpRequest) -> HttpResponse:
    """The messages alone, put in their place by htmx; and the board is told to look for news."""
    response = render(
        request, "components/toasts.html", {"out_of_band": True, "toast_next": way_back(request)}
    )
    response["HX-Trigger"] = "clinic:changed"
    return response


def not_from_here(request: HttpRequest, visit: Appointment) -> HttpResponse:
    """A form was asked for that this visit has no use for: its page, with why."""
    messages.warning(request, rules.not_from_here(visit.get_status_display()).message)
    return redirect("desk:appointment", visit.uuid)


def refused(
    request: HttpRequest, uuid: UUID, refusal: NotDone, *, now: datetime, status: int = REFUSED, **forms: Any
) -> HttpResponse:
    """The visit as it is, with why nothing was done; or the same as a message, where a script asked."""
    if is_part(request):
        for sentence in refusal.sentences:
            messages.warning(request, sentence, visit_tag(uuid))
        return toasts(request)
    return visit_page.show(request, uuid, now=now, refusal=refusal, status=status, **forms)


def beside_field(
    request: HttpRequest, uuid: UUID, form: StepForm, *, now: datetime, **forms: Any
) -> HttpResponse:
    """The visit's page with a small form open on it, and the focus at what is wrong."""
    if is_part(request):
        return unreadable(request, uuid, form.complaints, now=now)
    return visit_page.show(request, uuid, now=now, status=REFUSED, **forms)


def unreadable(request: HttpRequest, uuid: UUID, complaints: Sequence[str], *, now: datetime) -> HttpResponse:
    return refused(request, uuid, NotDone(_("Nothing was changed"), complaints), now=now)


def changed_meanwhile(request: HttpRequest, stale: Stale, *, now: datetime) -> NotDone:
    """What was done since, by whom, and when; maybe by oneself, on another page."""
    sentences: list[str] = []
    heading = _("Someone else has changed this visit")
    if stale.last is not None:
        names = appointments.names_in([stale.last])
        entry = history.entry_of(stale.last, names, reader=account_of(request), now=now)
        sentences = [history.dated(entry, now=now)]
        if stale.last.by_id == account_of(request).pk:
            heading = _("You have changed this visit meanwhile")
    sentences.append(_("Your change was not made. This is the visit as it is now."))
    return NotDone(heading, sentences)


def not_done(refused: Refused) -> NotDone:
    return NotDone(_("Nothing was changed"), [problem.message for problem in refused.problems])
