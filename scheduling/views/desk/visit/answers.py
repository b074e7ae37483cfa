"""What a step answers: done, with a message in passing; or why not, on the visit's page or as a message."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.who import account_of
from scheduling.booking import rules
from scheduling.booking.actions import Refused, Stale
from scheduling.booking.rights import UNDO, rights_of
from scheduling.models import Appointment
from scheduling.queries import appointments
from scheduling.templatetags.toasts import undo_tag, visit_tag
from scheduling.views.desk.shared.statuses import REFUSED
from scheduling.views.desk.shared.way_back import way_back
from scheduling.views.desk.visit import history
from scheduling.views.desk.visit import page as visit_page
from scheduling.views.desk.visit.page import NotDone


def is_part(request: HttpRequest) -> bool:
    """Whether a script asks, for a part of the page that it stays on."""
    return bool(getattr(request, "htmx", False))


def done(
    request: HttpRequest, visit: Appointment, sentence: str, *, can_be_undone: bool = True, to: str = ""
) -> HttpResponse:
    """Back to where the button was (`next`), else `to`, else the visit's page; with a message."""
    undo = can_be_undone and UNDO in rights_of(account_of(request))
    messages.success(request, sentence, undo_tag(visit) if undo else visit_tag(visit.uuid))
    if is_part(request):
        answer = toasts(request)
        answer["Visit-Version"] = str(visit.version)  # what the next press acts on, before the board has it
        return answer
    return redirect(way_back(request) or to or reverse("desk:appointment", args=[visit.uuid]))


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


def unreadable(request: HttpRequest, uuid: UUID, complaints: Sequence[str], *, now: datetime) -> HttpResponse:
    return refused(request, uuid, NotDone(_("Nothing was changed"), complaints), now=now)


def changed_meanwhile(stale: Stale, *, now: datetime) -> NotDone:
    """What the other one did, and when."""
    sentences: list[str] = []
    if stale.last is not None:
        entry = history.entry_of(stale.last, appointments.doctors_named_in([stale.last]), now=now)
        sentences = [history.dated(entry, now=now)]
    sentences.append(_("What you asked for was not done. This is the visit now."))
    return NotDone(_("Someone changed this visit meanwhile"), sentences)


def not_done(refused: Refused) -> NotDone:
    return NotDone(_("Nothing was changed"), [problem.message for problem in refused.problems])
