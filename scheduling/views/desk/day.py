"""The day of all doctors."""

from datetime import date, timedelta

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from scheduling.access import desk
from scheduling.booking import open_time
from scheduling.booking.open_time import clinic_zone
from scheduling.booking.openings import free_starts
from scheduling.queries import board
from scheduling.times import clinic_day

ONE_DAY = timedelta(days=1)


@desk
@require_safe
def today(request: HttpRequest) -> HttpResponse:
    """Today, or the day that was typed beside "Go"."""
    typed = request.GET.get("date")
    if not typed:
        return redirect("desk:day", clinic_day.day_of(timezone.now(), clinic_zone()))
    try:
        return redirect("desk:day", date.fromisoformat(typed))
    except ValueError:
        raise Http404 from None


@desk
@require_safe
def day(request: HttpRequest, day: date) -> HttpResponse:
    now, zone = timezone.now(), clinic_zone()
    span = clinic_day.whole_day(day, zone)
    visits = board.visits_in(span)
    doctors = board.doctors_of(visits)
    hours = open_time.load([doctor.pk for doctor in doctors], span)
    opened = open_time.open_hours(doctors, span, hours=hours)
    free = free_starts(
        [doctor for doctor in doctors if doctor.is_active],
        minutes=board.step_of(doctors),
        span=span,
        now=now,
        hours=hours,
    )
    sheet = board.sheet(day, doctors, visits, opened=opened, free=free, zone=zone)
    context = {
        "sheet": sheet,
        "now": now,
        "today": clinic_day.day_of(now, zone),
        "before": day - ONE_DAY,
        "after": day + ONE_DAY,
    }
    return render(request, "desk/day.html", context)
