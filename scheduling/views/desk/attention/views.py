"""What a person must look at: six lists, each with what resolves it in place."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Page, Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST, require_safe

from accounts.who import account_of
from scheduling.access import desk
from scheduling.addresses import absence
from scheduling.booking import attention as engine
from scheduling.booking import doctors, patients, stranding
from scheduling.booking.patients import StalePatient
from scheduling.booking.rights import RESOLVE_ATTENTION, SWITCH_ON, VIEW_ATTENTION
from scheduling.booking.seen import Seen
from scheduling.clock import clinic_zone
from scheduling.forms.attention import VisitsForm, moment_of
from scheduling.identity import identity_of, keys_of
from scheduling.models import Appointment, Doctor, Flag, Patient
from scheduling.models.attention import ABOUT_THE_NAME
from scheduling.notices import settling
from scheduling.queries import attention as queries
from scheduling.queries import untold
from scheduling.times import clinic_day, possible
from scheduling.views.context import remember_outside
from scheduling.views.desk.attention import messages as messages_of_patients
from scheduling.views.desk.attention.shared import back

ON_ONE_PAGE: Final = 50
AT_FIRST: Final = 10  # of each list, where all are shown


@dataclass(frozen=True)
class Group:
    """One of the lists: its rows in order, and how the rows of one page are fetched."""

    key: str
    title: str
    says: str
    rows: Any  # anything that can be counted and sliced
    fetched: Callable[[Any], Sequence[Any]]


@dataclass(frozen=True)
class ShownGroup:
    group: Group
    page: Page[Any]
    rows: Sequence[Any]

    @property
    def count(self) -> int:
        return self.page.paginator.count


TITLES: Final[Mapping[str, Any]] = {
    "untold": gettext_lazy("Not reachable: phone"),
    "replies": gettext_lazy("What patients wrote"),
    "outside": gettext_lazy("Visits outside hours"),
    "off": gettext_lazy("Doctor or patient switched off"),
    "pending": gettext_lazy("Pending for more than 3 days"),
    "flags": gettext_lazy("Doubts from the old book"),
}


@desk(VIEW_ATTENTION)
@require_safe
def attention(request: HttpRequest) -> HttpResponse:
    """All lists, each with its first rows; or one of them (`?group=`), page by page."""
    now, chosen = timezone.now(), request.GET.get("group", "")
    groups = _groups(now)
    remember_outside(len(groups["outside"].rows))
    if chosen and chosen not in groups:
        raise Http404
    shown = [
        _page(group, request.GET.get("page") if chosen else None, ON_ONE_PAGE if chosen else AT_FIRST)
        for group in groups.values()
    ]
    done = moment_of(request.GET.get("done"))
    outside = next(one for one in shown if one.group.key == "outside")
    context = {
        "absences": _absences(outside.rows),
        "groups": shown,
        "chosen": chosen,
        "listed": [one for one in shown if (one.group.key == chosen if chosen else one.count)],
        "total": sum(one.count for one in shown),
        "undone": _count_of(request, done) if done else 0,
        "done": done.isoformat() if done else "",
        "here": f"{request.path}?{urlencode({'group': chosen})}" if chosen else request.path,
        "now": now,
    }
    return render(request, "desk/attention/attention.html", context)


@desk(VIEW_ATTENTION, RESOLVE_ATTENTION)
@require_POST
def resolve(request: HttpRequest) -> HttpResponse:
    """The doubts that were ticked are settled."""
    now, by = timezone.now(), account_of(request)
    keys = keys_of(Flag.objects.unresolved(), request.POST.getlist("flag"))
    ticked = Flag.objects.filter(pk__in=keys)
    names = ticked.filter(kind__in=ABOUT_THE_NAME).exclude(patient=None)
    patients.confirm(list(names.values_list("patient__uuid", flat=True)), by=by, now=now)
    engine.resolve(ticked, by=by, now=now)
    return back(request, now if keys else None)


@desk(VIEW_ATTENTION, RESOLVE_ATTENTION)
@require_POST
def keep(request: HttpRequest) -> HttpResponse:
    """Visits that stay outside hours, as they are."""
    now, form = timezone.now(), VisitsForm(request.POST)
    form.is_valid()
    wanted = form.cleaned_data["visit"]
    visits = [
        visit
        for visit in Appointment.objects.filter(uuid__in=[uuid for uuid, _version in wanted])
        if (visit.uuid, visit.version) in wanted
    ]
    if len(visits) < len(wanted):
        messages.warning(request, _("A visit was changed meanwhile. Look at it again before you keep it."))
    kept = engine.keep_outside(visits, by=account_of(request), now=now) if visits else 0
    return back(request, now if kept else None)


@desk(VIEW_ATTENTION, RESOLVE_ATTENTION)
@require_POST
def take_back(request: HttpRequest) -> HttpResponse:
    """What this person settled at one moment is open again."""
    at, by = moment_of(request.POST.get("at")), account_of(request)
    count = engine.take_back(resolved_at=at, by=by, now=timezone.now()) if at else 0
    count += settling.take_back(settled_at=at, by=by) if at else 0
    if count:
        said = ngettext("%(count)s is on the list again.", "%(count)s are on the list again.", count)
        messages.success(request, said % {"count": count})
    else:
        messages.warning(request, _("There was nothing to undo."))
    return back(request, None)


@desk(VIEW_ATTENTION, SWITCH_ON)
@require_POST
def switch_doctor_on(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """A doctor can be booked again."""
    row = Doctor.objects.filter(uuid=uuid).first()
    if row is None:
        raise Http404
    doctors.switch_on(row.uuid, by=account_of(request), now=timezone.now())
    messages.success(request, _("%(doctor)s takes visits again.") % {"doctor": row.doctor_name})
    return back(request, None)


@desk(VIEW_ATTENTION, SWITCH_ON)
@require_POST
def switch_patient_on(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """A patient can be booked again."""
    row = Patient.objects.filter(uuid=uuid, merged_into=None).first()
    if row is None:
        raise Http404
    try:
        patients.change(Seen.of(row), {"is_active": True}, by=account_of(request), now=timezone.now())
    except StalePatient:
        messages.warning(request, _("Someone changed this record meanwhile. Try again."))
    else:
        messages.success(request, _("%(patient)s can be booked again.") % {"patient": row.full_name})
    return back(request, None)


def _groups(now: datetime) -> dict[str, Group]:
    says = {
        "untold": _("A message did not arrive. Tell them how the visit is."),
        "replies": _("Answers to messages that only a person can understand or decide."),
        "outside": _("In time off, or outside the doctor's hours. Nothing was cancelled."),
        "off": _("These visits are still in the book."),
        "pending": _("Visits to come that nobody has confirmed."),
        "flags": _("Rows that were taken over and could not be read with confidence."),
    }
    rows: Mapping[str, tuple[Any, Callable[[Any], Sequence[Any]]]] = {
        "untold": (untold.not_told(now), messages_of_patients.untold),
        "replies": (untold.replies_for_the_desk(), messages_of_patients.written),
        "outside": (stranding.left_outside(now=now), stranding.named),
        "off": (queries.switched_off(now), queries.named),
        "pending": (queries.long_pending(now).with_people(), list),
        "flags": (queries.unresolved(now), _with_identity),
    }
    return {key: Group(key, str(TITLES[key]), says[key], *rows[key]) for key in TITLES}


@dataclass(frozen=True)
class Absence:
    """A doctor whose visits stand outside hours: one page has them all."""

    doctor: Doctor
    address: str


def _absences(visits: Sequence[Appointment]) -> list[Absence]:
    """For each doctor of these visits (by time), from the first of them to the last."""
    days: dict[Doctor, list[date]] = {}
    for visit in visits:
        if possible.can_be(visit.appointment_datetime):
            day = clinic_day.day_of(visit.appointment_datetime, clinic_zone())
            days.setdefault(visit.doctor, []).append(day)
    return [Absence(doctor, absence(doctor.uuid, theirs[0], theirs[-1])) for doctor, theirs in days.items()]


def _with_identity(flags: Any) -> list[tuple[str, Flag]]:
    return [(identity_of(flag), flag) for flag in flags]


def _page(group: Group, number: str | None, size: int) -> ShownGroup:
    page = Paginator(group.rows, size).get_page(number)
    return ShownGroup(group, page, group.fetched(page.object_list) if page.paginator.count else [])


def _count_of(request: HttpRequest, at: datetime) -> int:
    by = account_of(request)
    return Flag.objects.filter(resolved_at=at, resolved_by=by).count() + settling.settled_at(at, by=by)
