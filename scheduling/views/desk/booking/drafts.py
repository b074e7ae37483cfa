"""Bookings that are not finished: each survives leaving its page, several can wait, all end with the session.

A draft is kept under the uuid that its visit will have, which its form carries from the beginning.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts import typed
from accounts.models import TypedForm
from scheduling.access import desk, polled
from scheduling.booking.rights import BOOK, VIEW_PATIENTS, VIEW_VISITS
from scheduling.clock import clinic_zone
from scheduling.forms import prefill
from scheduling.forms.booking import NEW_PATIENT
from scheduling.forms.fields import uuid_of
from scheduling.matching import names
from scheduling.queries import appointments
from scheduling.views.desk.booking import page as booking_page
from scheduling.views.desk.shared.outline import Outline

PAGE: Final = "desk:book"
OF_A_NEW_PATIENT: Final = ("patient_name", "patient_lastname", "phone")
MOST: Final = 8  # that are offered; more are nobody's unfinished telephone calls


@dataclass(frozen=True)
class Draft:
    """One booking that is not finished, as the page offers it."""

    uuid: UUID
    outline: Outline
    reason: str
    phone: str  # of a new patient
    begun_at: datetime

    @property
    def address(self) -> str:
        return address_of(self.uuid)


def address_of(uuid: UUID, **more: str) -> str:
    """The booking page with what was typed for the visit of this uuid."""
    return f"{reverse(PAGE)}?{urlencode({'draft': str(uuid)} | more)}"


def keep(request: HttpRequest, posted: QueryDict, *, now: datetime) -> UUID | None:
    """Keep the form as it stands. None where nothing in it is worth it, or it was booked already."""
    uuid = uuid_of(posted.get("uuid"))
    if (
        uuid is None
        or not any(posted.get(name) for name in booking_page.WORTH_KEEPING)
        or appointments.exists(uuid)
    ):
        return None
    return typed.keep(request, PAGE, posted, now=now, token=uuid)


def typed_for(request: HttpRequest, text: str | None, *, now: datetime) -> Mapping[str, Any] | None:
    """What was typed into the form whose uuid the address names; None where it is not kept any more."""
    uuid = uuid_of(text)
    row = None if uuid is None else typed.find(request, PAGE, uuid, now=now)
    return None if row is None else row.posted.dict()


def all_of(request: HttpRequest, *, now: datetime) -> Sequence[Draft]:
    """What this session has not finished, what was touched last first: 1 query, and a few for each."""
    rows = [row for row in typed.all_of(request, PAGE, now=now) if _is_begun(row.posted.dict())]
    return [_draft(row, now) for row in rows[:MOST]]


def _is_begun(values: Mapping[str, Any]) -> bool:
    """Whether it is an unfinished booking: somebody was chosen or named in full, or a time or a reason given.
    A few letters in the search are none; they are kept for the Back button alone."""
    given = {name: str(text).strip() for name, text in values.items()}
    patient = given.get("patient", "")
    is_named = patient == NEW_PATIENT and any(given.get(name) for name in OF_A_NEW_PATIENT)
    is_timed = given.get("day") and given.get("time")
    is_typed_whole = len(names.fold(given.get("q", "")).split()) > 1
    chosen = uuid_of(patient) is not None
    return bool(chosen or is_named or is_timed or is_typed_whole or given.get("description"))


def _draft(row: TypedForm, now: datetime) -> Draft:
    values = row.posted.dict()
    return Draft(
        row.token,
        booking_page.outline(values, now=now),
        reason=str(values.get("description", "")),
        phone=str(values.get("phone", "")),
        begun_at=row.begun_at,
    )


def parked(request: HttpRequest, drafts: Sequence[Draft], *, now: datetime) -> HttpResponse:
    """What can be gone on with, before a fresh form."""
    return render(request, "desk/booking/parked.html", {"drafts": drafts, "now": now})


@polled
@desk(VIEW_VISITS, VIEW_PATIENTS, BOOK)
@require_POST
def save(request: HttpRequest) -> HttpResponse:
    """The form as it stands, sent by the page itself when it is left: no press, and nothing to be shown."""
    keep(request, prefill.from_press(request.POST, clinic_zone()), now=timezone.now())
    return HttpResponse(status=204)


@desk(VIEW_VISITS, VIEW_PATIENTS, BOOK)
@require_POST
def drop(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Not wanted any more."""
    typed.forget(request, uuid)
    messages.success(request, _("The unfinished booking is discarded. Nothing was booked."))
    return redirect(PAGE)
