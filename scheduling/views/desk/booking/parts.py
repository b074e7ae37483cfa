"""What changes while the booking form is filled in: the patients found, the summary, the free times.

All are POSTs: a name in an address would stay in logs and in the history. They book nothing, and keep what
stands in the form for its session.
"""

from datetime import datetime
from uuid import uuid4

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from scheduling.access import desk
from scheduling.booking.rights import BOOK, VIEW_PATIENTS, VIEW_VISITS
from scheduling.clock import clinic_zone
from scheduling.forms import overrides, prefill
from scheduling.forms.booking import BookingForm
from scheduling.forms.fields import uuid_of
from scheduling.matching import names
from scheduling.views.desk.booking import drafts
from scheduling.views.desk.booking import page as booking_page
from scheduling.views.desk.booking.views import page
from scheduling.views.desk.shared import offers


@desk(VIEW_VISITS, VIEW_PATIENTS, BOOK)
@require_POST
def find_patients(request: HttpRequest) -> HttpResponse:
    """The patients who match what was typed: the list alone while typing, the whole form on "Find"."""
    now, typed = timezone.now(), prefill.from_press(request.POST, clinic_zone())
    if getattr(request, "htmx", False):
        context = {"search": booking_page.search(typed.dict(), now=now), "focus": ""}
        return render(request, "desk/booking/_found.html", context)
    if not typed.get("patient_name") and not typed.get("patient_lastname"):
        guess = names.split(names.in_spoken_order(typed.get("q", "")))
        typed["patient_name"], typed["patient_lastname"] = guess.name, guess.lastname
    return _again(request, typed, now, is_after_search=True)


@desk(VIEW_VISITS, VIEW_PATIENTS, BOOK)
@require_POST
def fill(request: HttpRequest) -> HttpResponse:
    """The form again, with the time or the patient whose button was pressed: nothing is saved yet."""
    now, typed = timezone.now(), prefill.from_press(request.POST, clinic_zone())
    return _again(request, typed, now)


def _again(
    request: HttpRequest, typed: QueryDict, now: datetime, *, is_after_search: bool = False
) -> HttpResponse:
    """The form with this in it: at an address that can be reloaded and come back to, where it is kept."""
    typed["uuid"] = str(uuid_of(typed.get("uuid")) or uuid4())
    if not getattr(request, "is_shown_again", False) and (draft := drafts.keep(request, typed, now=now)):
        return redirect(drafts.address_of(draft, **({"found": "1"} if is_after_search else {})))
    values = typed.dict()
    return page(request, BookingForm(initial=values, now=now), values, now, is_after_search=is_after_search)


@desk(VIEW_VISITS, VIEW_PATIENTS, BOOK)
@require_POST
def summary(request: HttpRequest) -> HttpResponse:
    """After each change: what would be booked, what is free, and who on record may be the new patient."""
    now = timezone.now()
    draft = drafts.keep(request, request.POST, now=now)
    outline = booking_page.outline(request.POST, now=now)
    context = {
        "outline": outline,
        "times": offers.times_for(outline, now=now, zone=clinic_zone()),
        "twins": booking_page.twins(outline.person, request.POST, now=now).open,
        "told_apart": overrides.others(overrides.told_apart(request.POST)),
    }
    response = render(request, "desk/booking/_changed.html", context)
    if draft:  # where the page is left now, the Back button finds it
        response["HX-Replace-Url"] = drafts.address_of(draft)
    return response
