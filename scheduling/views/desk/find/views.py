"""Finding a free time: wishes in, links to the booking form out. A GET: it may be kept, reloaded and sent."""

from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from scheduling.access import desk
from scheduling.booking.rights import VIEW_VISITS
from scheduling.clock import clinic_today, clinic_zone
from scheduling.forms.fields import uuid_of
from scheduling.forms.find import FindForm, WonderForm
from scheduling.models import Patient, VisitType
from scheduling.views.desk.find import page as find_page
from scheduling.views.desk.find import why_not

WISHES = {"visit_type", "specialty", "from", "on", "part", "earliest", "latest", "count"}


@desk(VIEW_VISITS)
@require_safe
def find(request: HttpRequest) -> HttpResponse:
    now, zone = timezone.now(), clinic_zone()
    uuid = uuid_of(request.GET.get("patient"))
    patient = None if uuid is None else Patient.objects.filter(uuid=uuid).first()
    is_asked = not WISHES.isdisjoint(request.GET)
    form = FindForm(request.GET) if is_asked else FindForm(initial=_beginning(request, now))
    if not is_asked:
        form.fields["visit_type"].widget.attrs["autofocus"] = True  # the browser takes the first of them
    wonder = WonderForm(request.GET) if "why-time" in request.GET else WonderForm(initial=request.GET.dict())
    context = {
        "form": form,
        "patient": patient,
        "found": find_page.found(form, request.GET, patient, now=now, zone=zone) if is_asked else None,
        "wonder": wonder,
        "answer": why_not.answer(wonder, request.GET.get("visit_type"), patient, now=now, zone=zone),
    }
    return render(request, "desk/find/find.html", context)


def _beginning(request: HttpRequest, now: datetime) -> dict[str, str]:
    """What stands in the wishes before any were made."""
    types = [str(uuid) for uuid in VisitType.objects.active().values_list("uuid", flat=True)[:2]]
    only = {"visit_type": types[0]} if len(types) == 1 else {}
    return {"from": clinic_today(now).isoformat(), "part": "", **only, **request.GET.dict()}
