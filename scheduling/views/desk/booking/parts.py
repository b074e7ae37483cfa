"""What changes while the booking form is filled in: the patients found, the summary, the free times.

All are POSTs, though they change nothing: a name in an address would stay in logs and in the history.
"""

from uuid import uuid4

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_POST

from scheduling.access import desk
from scheduling.booking.rights import BOOK, VIEW_PATIENTS, VIEW_VISITS
from scheduling.clock import clinic_zone
from scheduling.forms import overrides, prefill
from scheduling.forms.booking import BookingForm
from scheduling.matching import names
from scheduling.views.desk.booking import page as booking_page
from scheduling.views.desk.booking.views import page
from scheduling.views.desk.shared import offers


@desk(VIEW_VISITS, VIEW_PATIENTS, BOOK)
@require_POST
def find_patients(request: HttpRequest) -> HttpResponse:
    """The patients who match what was typed: the list alone while typing, the whole form on "Find"."""
    now, typed = timezone.now(), prefill.from_press(request.POST, clinic_zone()).dict()
    if getattr(request, "htmx", False):
        return render(
            request, "desk/booking/_found.html", {"search": booking_page.search(typed, now=now), "focus": ""}
        )
    typed["uuid"] = str(typed.get("uuid") or uuid4())
    if not typed.get("patient_name") and not typed.get("patient_lastname"):
        guess = names.split(names.in_spoken_order(str(typed.get("q", ""))))
        typed |= {"patient_name": guess.name, "patient_lastname": guess.lastname}
    return page(request, BookingForm(initial=typed, now=now), typed, now, is_after_search=True)


@desk(VIEW_VISITS, VIEW_PATIENTS, BOOK)
@require_POST
def fill(request: HttpRequest) -> HttpResponse:
    """The form again, with the time or the patient whose button was pressed: nothing is saved yet."""
    now, typed = timezone.now(), prefill.from_press(request.POST, clinic_zone()).dict()
    typed["uuid"] = str(typed.get("uuid") or uuid4())
    return page(request, BookingForm(initial=typed, now=now), typed, now)


@desk(VIEW_VISITS, VIEW_PATIENTS, BOOK)
@require_POST
def summary(request: HttpRequest) -> HttpResponse:
    """After each change: what would be booked, what is free, and who on record may be the new patient."""
    now = timezone.now()
    outline = booking_page.outline(request.POST, now=now)
    context = {
        "outline": outline,
        "times": offers.times_for(outline, now=now, zone=clinic_zone()),
        "twins": booking_page.twins(outline.person, request.POST, now=now),
        "told_apart": overrides.others(overrides.told_apart(request.POST)),
    }
    return render(request, "desk/booking/_changed.html", context)
