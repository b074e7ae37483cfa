"""When doctors work: all of them at a glance, and one doctor's week to be changed from a day on."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.who import account_of
from scheduling.access import desk, filled_again_by
from scheduling.booking import hours as engine
from scheduling.booking.hours import HoursChanged, StrandsOthers
from scheduling.booking.rights import CHANGE_HOURS
from scheduling.booking.rules import Refused
from scheduling.clock import clinic_today
from scheduling.forms.fields import is_in_calendar
from scheduling.forms.hours import WeekForm
from scheduling.models import Doctor
from scheduling.queries import hours as queries
from scheduling.queries.hours import DoctorsHours
from scheduling.templatetags.clinic import long_date
from scheduling.times import weeks
from scheduling.times.weeks import Period
from scheduling.views.desk.hours import words as hours_words
from scheduling.views.desk.hours.impact import Impact, finish
from scheduling.views.desk.shared.statuses import REFUSED, STALE
from scheduling.views.desk.shared.typed import shown_by_get


@desk(CHANGE_HOURS)
@require_safe
def hours_of_all(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    records = queries.of_all(now=now, today=_today(now))
    strip = hours_words.strip_of(stretch for record in records for stretch in record.present.week)
    context = {
        "doctors": [
            {
                "record": record,
                "days": hours_words.days_of(record.present, strip),
                "total": hours_words.hours_a_week(record.present),
                "next": next(iter(record.later), None),
            }
            for record in records
        ],
        "without": sum(not record.has_weekly for record in records),
        "strip": strip,
        "closures": queries.closures(now),
        "now": now,
    }
    return render(request, "desk/hours/all.html", context)


@desk(CHANGE_HOURS)
@require_safe
def hours(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """The week that holds today, or `?from=` another day, ready to be changed from a day on."""
    now = timezone.now()
    record = _record(uuid, now)
    chosen = _chosen_day(request.GET.get("from"), _today(now))
    period = weeks.on_day(record.rows, chosen) if chosen else record.present
    first = chosen or _usual_first_day(record, _today(now))
    last = period.last if chosen and period.last else None
    form = WeekForm(
        today=_today(now), week=period.week, initial={"first": first, "last": last, "seen": record.token}
    )
    return _page(request, record, form, now)


@filled_again_by("desk:hours-fill")
@desk(CHANGE_HOURS)
@require_http_methods(["GET", "HEAD", "POST"])
@shown_by_get("desk:hours-fill", start="desk:hours")
def fill(request: HttpRequest, typed: QueryDict, uuid: UUID) -> HttpResponse:
    """The week as it was typed. Nothing is saved."""
    return _with(request, typed, uuid, lambda form: None)


@filled_again_by("desk:hours-add-session")
@desk(CHANGE_HOURS)
@require_http_methods(["GET", "HEAD", "POST"])
@shown_by_get("desk:hours-add-session", start="desk:hours")
def add_session(request: HttpRequest, typed: QueryDict, uuid: UUID, weekday: int) -> HttpResponse:
    """Another row on a day; with scripts this is done in the browser. Nothing is saved."""
    return _with(request, typed, uuid, lambda form: form.add(weekday))


@filled_again_by("desk:hours-drop-session")
@desk(CHANGE_HOURS)
@require_http_methods(["GET", "HEAD", "POST"])
@shown_by_get("desk:hours-drop-session", start="desk:hours")
def drop_session(
    request: HttpRequest, typed: QueryDict, uuid: UUID, weekday: int, index: int
) -> HttpResponse:
    """A row less on a day; with scripts this is done in the browser. Nothing is saved."""
    return _with(request, typed, uuid, lambda form: form.drop(weekday, index))


def _with(
    request: HttpRequest, typed: QueryDict, uuid: UUID, change: Callable[[WeekForm], None]
) -> HttpResponse:
    now = timezone.now()
    record, form = _record(uuid, now), WeekForm(typed, today=_today(now))
    form.is_valid()
    change(form)
    return _page(request, record, form, now)


@filled_again_by("desk:hours-fill")
@desk(CHANGE_HOURS)
@require_http_methods(["GET", "HEAD", "POST"])
@shown_by_get("desk:hours-check", start="desk:hours")
def check(request: HttpRequest, typed: QueryDict, uuid: UUID) -> HttpResponse:
    """What would change, and whom it would strand. Nothing is saved."""
    return _change(request, typed, uuid, is_check=True)


@filled_again_by("desk:hours-fill")
@desk(CHANGE_HOURS)
@require_POST
def save(request: HttpRequest, uuid: UUID) -> HttpResponse:
    return _change(request, request.POST, uuid, is_check=False)


def _change(request: HttpRequest, posted: QueryDict, uuid: UUID, *, is_check: bool) -> HttpResponse:
    now = timezone.now()
    record, form = _record(uuid, now), WeekForm(posted, today=_today(now))
    if not form.is_valid():
        return _page(request, record, form, now, status=REFUSED)
    typed = form.cleaned_data
    first = typed["first"]
    last = typed["last"] or weeks.on_day(record.rows, first).last
    others: StrandsOthers | None = None
    try:
        visits = engine.change_week(
            record.doctor,
            form.week,
            first=first,
            last=last,
            seen=typed["seen"],
            agreed=None if is_check else typed["agreed"],
            by=account_of(request),
            now=now,
            dry_run=is_check,
        )
    except Refused as refused:
        for problem in refused.problems:
            form.add_error("last" if problem.code == "inverted" else "first", problem.message)
        return _page(request, record, form, now, status=REFUSED)
    except HoursChanged:
        return _changed_meanwhile(request, posted, uuid, now)
    except StrandsOthers as strands:
        visits, others = strands.visits, strands
    if is_check or others:
        impact = Impact(visits, again=others is not None and form.is_confirmed)
        before, holds = weeks.on_day(record.rows, first), hours_words.holds(first, last)
        return _page(request, record, form, now, before=before, impact=impact, holds=holds)
    said = _saved(record.doctor, first, last, follows=bool(last and not typed["last"]))
    finish(request, said, visits, form, now)
    return redirect("desk:hours", uuid)


def _saved(doctor: Doctor, first: date, last: date | None, *, follows: bool) -> str:
    """`follows`: nobody said until when, but other hours were recorded for the days after it."""
    saved = _("Hours of %(doctor)s from %(day)s are saved.")
    if follows:
        saved = _(
            "Hours of %(doctor)s from %(day)s are saved. They hold until %(last)s: for the days after it "
            "other hours were recorded before."
        )
    return saved % {"doctor": doctor.doctor_name, "day": long_date(first), "last": long_date(last)}


def _changed_meanwhile(request: HttpRequest, posted: QueryDict, uuid: UUID, now: datetime) -> HttpResponse:
    """Everything typed, beside the hours as they are by now."""
    record, typed = _record(uuid, now), posted.copy()
    typed["seen"] = record.token
    form = WeekForm(typed, today=_today(now))
    form.is_valid()
    before = weeks.on_day(record.rows, form.cleaned_data["first"])
    return _page(request, record, form, now, before=before, status=STALE, is_changed_meanwhile=True)


def _page(
    request: HttpRequest,
    record: DoctorsHours,
    form: WeekForm,
    now: datetime,
    *,
    before: Period | None = None,
    impact: Impact | None = None,
    status: int = 200,
    holds: str = "",
    is_changed_meanwhile: bool = False,
) -> HttpResponse:
    """`holds`: from when until when the typed week would hold, in words."""
    every = [*form.week, *(stretch for period in (record.present, *record.later) for stretch in period.week)]
    strip = hours_words.strip_of(every)
    context = {
        "record": record,
        "doctor": record.doctor,
        "form": form,
        "days": hours_words.typed(form, before, strip),
        "strip": strip,
        "before": before,
        "impact": impact,
        "total": hours_words.hours_a_week(record.present),
        "later": _later(record, _today(now)),
        "closures": queries.closures(now),
        "holds": holds,
        "is_changed_meanwhile": is_changed_meanwhile,
        "now": now,
    }
    return render(request, "desk/hours/week.html", context, status=status)


def _later(record: DoctorsHours, today: date) -> list[dict[str, Any]]:
    """Weeks that are recorded to follow, and the one that would hold instead of each."""
    found = []
    for before, period in zip([record.present, *record.later], record.later, strict=False):
        found.append({"period": period, "lines": hours_words.lines(period), "instead": before.week})
    return found


def _record(uuid: UUID, now: datetime) -> DoctorsHours:
    record = queries.of(uuid, now=now, today=_today(now))
    if record is None:
        raise Http404
    return record


def _today(now: datetime) -> date:
    return clinic_today(now)


def _chosen_day(text: str | None, today: date) -> date | None:
    try:
        day = date.fromisoformat(text or "")
    except ValueError:
        return None
    return max(day, today) if is_in_calendar(day) else None


def _usual_first_day(record: DoctorsHours, today: date) -> date:
    """New hours mostly begin on a Monday; a doctor without any begins today."""
    monday = today + timedelta(days=7 - today.weekday())
    if not record.present.week or (record.present.last and record.present.last < monday):
        return today
    return monday
