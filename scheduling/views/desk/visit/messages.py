"""The messages about a visit: one as it was, and what is done with those that go out."""

from datetime import datetime
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.who import account_of
from scheduling.access import desk
from scheduling.booking.rights import SEND_NOTICES, VIEW_VISITS
from scheduling.models import Appointment, Notice
from scheduling.models.notices import KEPT_DAYS
from scheduling.notices import at_the_desk, coming
from scheduling.templatetags.toasts import notice_tag
from scheduling.views.desk.shared import told
from scheduling.views.desk.shared.way_back import way_back
from scheduling.views.desk.visit import answers


@desk(VIEW_VISITS)
@require_safe
def message(request: HttpRequest, uuid: UUID, message: UUID) -> HttpResponse:
    """A message as it left, for as long as its text is kept; then that it was sent."""
    visit = answers.visit_of(uuid)
    rows = visit.notices.filter(message__uuid=message).select_related("message", "former_patient")
    row = rows.order_by("pk").first()
    if row is None or row.message is None:
        raise Http404
    context = {
        "appointment": visit,
        "notice": row,
        "message": row.message,
        "heading": told.heading_of(row),
        "channel": told.channel_name(row.message.channel),
        "kept_days": KEPT_DAYS,
        "now": timezone.now(),
    }
    return render(request, "desk/visit/message.html", context)


@desk(VIEW_VISITS, SEND_NOTICES)
@require_POST
def hold(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """It is not sent, for whatever reason: most are told in person."""
    now, row = timezone.now(), _row(uuid)
    if not at_the_desk.hold_back(row, seen=_number(request, "version"), by=account_of(request), now=now):
        messages.warning(request, _late(row))
        return _back(request, row.appointment)
    words = {"patient": row.appointment.patient.full_name}
    messages.success(request, _("%(patient)s: the message is held back.") % words, notice_tag(row.uuid))
    return _back(request, row.appointment)


@desk(VIEW_VISITS, SEND_NOTICES)
@require_POST
def hold_reminder(request: HttpRequest, uuid: UUID, days: int) -> HttpResponse:
    """A reminder of which the time has not come is left out."""
    now, visit = timezone.now(), answers.visit_of(uuid)
    row = at_the_desk.hold_reminder_back(visit, days, by=account_of(request), now=now)
    if row is None:
        messages.warning(request, _("There is no such reminder to come. Look at what goes out now."))
        return _back(request, visit)
    words = {"patient": visit.patient.full_name}
    messages.success(request, _("%(patient)s: the reminder is left out.") % words, notice_tag(row.uuid))
    return _back(request, visit)


@desk(VIEW_VISITS, SEND_NOTICES)
@require_POST
def release(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """What was held back is sent after all."""
    now, row = timezone.now(), _row(uuid)
    if at_the_desk.send_after_all(row, now=now):
        messages.success(request, _after_all(row.appointment, now))
    else:
        messages.warning(request, _("It is not held back any more."))
    return _back(request, row.appointment)


@desk(VIEW_VISITS, SEND_NOTICES)
@require_POST
def send_now(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """It does not wait for the time in which a change can be taken back."""
    now, row = timezone.now(), _row(uuid)
    if at_the_desk.send_now(row, now=now):
        messages.success(request, _after_all(row.appointment, now))
    else:
        messages.warning(request, _late(row))
    return _back(request, row.appointment)


@desk(VIEW_VISITS, SEND_NOTICES)
@require_POST
def send_again(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """What is true now, once more."""
    now, visit = timezone.now(), answers.visit_of(uuid)
    row = at_the_desk.send_again(visit, seen=_number(request, "copies"), now=now)
    if row is None:
        messages.warning(request, _("It was sent again meanwhile. Nothing more was done."))
    else:
        messages.success(request, _after_all(visit, now))
    return _back(request, visit)


def _row(uuid: UUID) -> Notice:
    row = at_the_desk.find(uuid)
    if row is None:
        raise Http404
    return row


def _number(request: HttpRequest, name: str) -> int:
    """As the form carries it; -1, which nothing has, where it cannot be read."""
    text = request.POST.get(name, "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else -1


def _late(row: Notice) -> str:
    """Why nothing could be done with it."""
    if row.state == Notice.State.DUE:
        return _("The visit was changed meanwhile. Look at what goes out now, then press once more.")
    return _("Too late: it is no longer waiting. Look at what became of it.")


def _after_all(visit: Appointment, now: datetime) -> str:
    """What happens next, in words: as it would be decided now."""
    found = coming.of(visit, now=now)
    following = found.next if found is not None else None
    if found is None or following is None:
        why = told.no_way(found.way) if found is not None else ""
        return why or _("Nothing is sent: the patient knows it already.")
    return told.goes_out(following, found.way, now)


def _back(request: HttpRequest, visit: Appointment) -> HttpResponse:
    """To the messages of the page where the button was: there the focus goes on."""
    address = way_back(request) or reverse("desk:appointment", args=[visit.uuid])
    return redirect(f"{address.partition('#')[0]}#messages")
