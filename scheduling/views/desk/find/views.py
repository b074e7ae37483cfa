"""Finding a free time: wishes in, links to the booking form out. A GET: it may be kept, reloaded and sent."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from scheduling.access import desk
from scheduling.booking.rights import VIEW_VISITS
from scheduling.clock import clinic_today, clinic_zone
from scheduling.forms.fields import uuid_of
from scheduling.forms.find import FindForm, WhyNotForm
from scheduling.models import Patient
from scheduling.queries import usual, visit_types
from scheduling.views.desk.find import page as find_page
from scheduling.views.desk.find import why_not
from scheduling.views.desk.find.page import Found
from scheduling.views.desk.find.why_not import Answer


@dataclass(frozen=True)
class FindPage:
    """What the page says: the wishes, what they came to, and why a certain time is not free."""

    form: FindForm
    patient: Patient | None
    found: Found | None  # None where there are no visit types yet, and where the wishes cannot be read
    why_not: WhyNotForm
    answer: Answer | None
    is_asked: bool  # or the page was just opened, and begins with the usual visit
    is_part: bool  # what the wishes came to, alone
    proposed: str  # the names of the fields that were filled in as the last time


WISHES = {"visit_type", "specialty", "from", "on", "part", "earliest", "latest", "count"}


@desk(VIEW_VISITS)
@require_safe
def find(request: HttpRequest) -> HttpResponse:
    now, zone = timezone.now(), clinic_zone()
    uuid = uuid_of(request.GET.get("patient"))
    patient = None if uuid is None else Patient.objects.filter(uuid=uuid).first()
    is_asked, today = not WISHES.isdisjoint(request.GET), clinic_today(now)
    proposed = {} if is_asked or patient is None else _as_last_time(request, patient, today)
    wishes = request.GET if is_asked else _beginning(request, proposed, today)
    is_read = is_asked or "visit_type" in wishes
    given = {"data": wishes} if is_read else {"initial": wishes.dict()}
    born = patient.date_of_birth if patient else None
    form = FindForm(**given, today=today, born=born, proposed=proposed)
    if not is_asked:
        form.fields["visit_type"].widget.attrs["autofocus"] = True
    reason = (
        WhyNotForm(request.GET, today=today)
        if "why-time" in request.GET
        else WhyNotForm(today=today, initial=request.GET.dict())
    )
    page = FindPage(
        form=form,
        patient=patient,
        found=find_page.found(form, wishes, patient, now=now, zone=zone) if is_read else None,
        why_not=reason,
        proposed=" ".join(proposed),
        answer=why_not.answer(reason, request.GET.get("visit_type"), patient, now=now, zone=zone),
        is_asked=is_asked,
        is_part=bool(getattr(request, "htmx", False)),
    )
    template = "desk/find/_results.html" if page.is_part else "desk/find/find.html"
    return render(request, template, vars(page))


def _as_last_time(request: HttpRequest, patient: Patient, today: date) -> dict[str, str]:
    """Type, doctor and specialty of the patient's last visit, by field: none of those in the address."""
    return usual.proposed(patient.uuid, request.GET.dict(), today=today)


def _beginning(request: HttpRequest, proposed: Mapping[str, str], today: date) -> QueryDict:
    """What is looked for before anything was wished: the next free times for what is proposed, else for the
    usual visit."""
    wishes = request.GET.copy()
    wishes["from"], wishes["part"] = today.isoformat(), ""
    for name, value in proposed.items():
        wishes[name] = value
    kind = None if "visit_type" in wishes else visit_types.usual()
    if kind is not None:
        wishes["visit_type"] = str(kind)
    return wishes
