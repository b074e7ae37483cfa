"""The day on paper, a page for each doctor: printed, or kept as a file for the day the network fails."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from scheduling.access import desk
from scheduling.booking import open_time
from scheduling.booking.openings import free_starts
from scheduling.booking.rights import VIEW_VISITS
from scheduling.clock import clinic_zone
from scheduling.forms.fields import uuid_of
from scheduling.models import HOLDS_TIME, Appointment, Doctor
from scheduling.queries import board as rows_of_board
from scheduling.queries import day_sheet as rows_of_sheet
from scheduling.times import clinic_day
from scheduling.times.day_rows import within
from scheduling.times.intervals import Interval


@dataclass(frozen=True)
class Line:
    """A visit; or a free start, an empty line to write on; or time off, with its reason."""

    start: datetime
    visit: Appointment | None = None
    until: datetime | None = None
    reason: str = ""
    goes_on: bool = False  # since the evening before


@dataclass
class Page:
    """One doctor's day."""

    doctor: Doctor
    lines: list[Line] = field(default_factory=list)
    worked: Sequence[Interval] = ()

    @property
    def booked(self) -> int:
        return sum(
            line.visit is not None and line.visit.status in HOLDS_TIME and not line.goes_on
            for line in self.lines
        )


def pages_of(day: date, *, now: datetime, only: Doctor | None = None) -> list[Page]:
    """A page for each doctor who works or sees somebody on the day: 4 queries. `only` one has a page in any
    case."""
    span = clinic_day.whole_day(day, clinic_zone())
    staff = rows_of_board.staff_of(span, now=now, only=only.uuid if only else None)
    doctors = {doctor.pk: doctor for doctor in staff.doctors}
    hours = open_time.load(list(doctors), span)
    free = free_starts(list(doctors.values()), minutes=staff.step, span=span, now=now, hours=hours)
    lines: dict[int, list[Line]] = defaultdict(list)
    for visit in rows_of_sheet.visits_on(span, list(doctors)):
        start = visit.appointment_datetime
        lines[visit.doctor_id].append(Line(start, visit, goes_on=start < span.start))
    for key, starts in free.items():
        lines[key] += [Line(start) for start in starts]
    days = open_time.days_of(open_time.days_around(span, hours.zone), hours.zone)
    pages = []
    for key, doctor in doctors.items():
        worked = within(hours.worked(key, days), span)
        for absence in hours.absences:
            if worked and absence.doctor_id in (None, key):
                for off in within([absence.time], Interval(worked[0].start, worked[-1].end)):
                    lines[key].append(Line(off.start, until=off.end, reason=absence.reason))
        if worked or lines[key] or only:
            found = sorted(lines[key], key=lambda line: (line.start, line.visit is None))
            pages.append(Page(doctor, found, worked))
    return pages


@desk(VIEW_VISITS)
@require_safe
def day_sheet(request: HttpRequest, day: date) -> HttpResponse:
    now, only = timezone.now(), None
    if asked := request.GET.get("doctor"):
        only = Doctor.objects.filter(uuid=uuid_of(asked)).first()
        if only is None:
            raise Http404
    pages = pages_of(day, now=now, only=only)
    return render(request, "desk/board/sheet.html", {"pages": pages, "day": day, "now": now, "only": only})
