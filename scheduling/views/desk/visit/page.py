"""The page of one visit: its facts, its history, and what can be done with it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.who import account_of
from scheduling.access import may_open
from scheduling.booking import fitting, openings, steps
from scheduling.booking.openings import Opening
from scheduling.booking.rights import rights_of
from scheduling.booking.steps import Steps
from scheduling.clock import clinic_zone
from scheduling.forms.steps import CancelForm, StatusForm
from scheduling.models import Appointment, Status
from scheduling.notices import coming
from scheduling.queries import absence, appointments
from scheduling.queries.appointments import Record
from scheduling.queries.arrivals import minutes_waited
from scheduling.templatetags.clinic import day_date
from scheduling.times import clinic_day
from scheduling.times.intervals import Interval
from scheduling.times.possible import meant
from scheduling.views.desk.shared import mail
from scheduling.views.desk.shared.links import patient_link
from scheduling.views.desk.shared.offers import Offer
from scheduling.views.desk.shared.way_back import way_back
from scheduling.views.desk.visit import buttons, history, those_after

FREE_TIMES: Final = 3
FREE_WITHIN: Final = timedelta(days=28)


@dataclass(frozen=True)
class NotDone:
    """Why nothing was done, and what can be done instead. `sentences` are text or safe HTML."""

    heading: str
    sentences: Sequence[str]
    in_the_way: Sequence[Appointment] = ()
    offers: Sequence[Offer] = field(default_factory=list)
    same_patient: str = ""  # and visit type, as a query: what an offer is booked for


def steps_of(record: Record, request: HttpRequest, now: datetime) -> Steps:
    visit, account = record.appointment, account_of(request)
    if not may_open(account, "desk:status"):
        return Steps()
    return steps.possible(
        Status(visit.status),
        start=visit.appointment_datetime,
        now=now,
        zone=clinic_zone(),
        rights=rights_of(account),
        before=steps.taken_back_to(Status(visit.status), record.events),
    )


def show(
    request: HttpRequest,
    uuid: UUID,
    *,
    now: datetime,
    refusal: NotDone | None = None,
    cancelling: CancelForm | None = None,
    in_error: StatusForm | None = None,
    status: int = 200,
) -> HttpResponse:
    """The page as things stand now. The forms are those that were refused, with what was typed in them."""
    record = appointments.record(uuid)
    if record is None:
        raise Http404
    visit, possible = record.appointment, steps_of(record, request, now)
    context = _about(record, request, now) | {
        "now": now,
        "refusal": refusal,
        "steps": possible,
        "buttons": buttons.of(possible, Status(visit.status)),
        "can_be_in_error": Status.ENTERED_IN_ERROR in possible.forward,
        "free": _free(visit, now) if possible.move else (),
        "cancelling": cancelling or CancelForm(initial={"version": visit.version}),
        "in_error": in_error or StatusForm(initial={"version": visit.version}),
        "regular": those_after.of(visit, request.POST),
        "next": way_back(request),
    }
    return render(request, "desk/visit/visit.html", context, status=status)


def _about(record: Record, request: HttpRequest, now: datetime) -> dict[str, Any]:
    """What is known of the visit, whatever may be done with it."""
    visit = record.appointment
    # Today where no board reaches the visit.
    day = clinic_day.day_of(meant(visit.appointment_datetime, now), clinic_zone())
    return {
        "record": record,
        "appointment": visit,
        "calls": absence.calls_of(visit),
        "later": _later(visit, now),
        "since": _since(record),
        "waiting": _waiting(record, now),
        "entries": [
            history.entry_of(event, record.names, reader=account_of(request), now=now)
            for event in record.events
        ],
        "week": reverse("desk:week", args=[visit.doctor.uuid, day]),
        "patient_link": patient_link(request, visit),
        "mail": mail.panel(
            coming.of(visit, now=now),
            may_send=may_open(account_of(request), "desk:notice-hold"),
            now=now,
        ),
    }


def _later(visit: Appointment, now: datetime) -> str:
    """Why some steps are not offered yet."""
    if visit.status not in {Status.PENDING, Status.CONFIRMED}:
        return ""
    zone, start = clinic_zone(), visit.appointment_datetime
    if clinic_day.day_of(now, zone) < clinic_day.day_of(start, zone):
        return _("On %(day)s the patient can be marked as arrived here.") % {"day": day_date(start)}
    return _("Once it should have started, a no-show can be noted here.") if now < start else ""


def _since(record: Record) -> datetime | None:
    """When the visit got the status that it has."""
    status = record.appointment.status
    changed = (
        event for event in record.events if event.after.get("status", status) != event.before.get("status")
    )
    last = next((event for event in changed if event.after.get("status") == status), None)
    return last.at if last else None


def _waiting(record: Record, now: datetime) -> int | None:
    """Minutes that the patient has waited; below none where they are early."""
    visit = record.appointment
    came = _since(record) if visit.status == Status.ARRIVED else None
    return minutes_waited(came, visit.appointment_datetime, now)


def _free(visit: Appointment, now: datetime) -> Sequence[Opening]:
    """The next times to which it could be moved with the same doctor."""
    return openings.next_starts(
        [visit.doctor],
        minutes=visit.minutes,
        buffer_minutes=visit.buffer_minutes,
        span=Interval(now, now + FREE_WITHIN),
        now=now,
        count=FREE_TIMES,
        age=fitting.age_asked_of_move(visit),
    )
