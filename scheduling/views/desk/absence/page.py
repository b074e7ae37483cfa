"""The page "Who must be told": each visit of a doctor who is away, and what is to become of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from scheduling.booking import instead, open_time
from scheduling.booking.openings import Opening
from scheduling.clock import clinic_zone
from scheduling.forms.absence import CANCEL, KEEP, AbsenceForm, Plan, ReasonForm
from scheduling.forms.steps import offered_time
from scheduling.models import Appointment, Call, Doctor
from scheduling.notices import coming
from scheduling.queries import absence as queries
from scheduling.times.intervals import Interval, held
from scheduling.views.desk.absence.mail import what_goes_out
from scheduling.views.desk.absence.rows import Calls, Row, Way, counts, mailed
from scheduling.views.desk.shared import told
from scheduling.views.desk.shared.offers import distance

MOST: Final = 80  # visits of one page: what is chosen has to fit into a form that is kept


@dataclass(frozen=True)
class Absence:
    """What is asked for in the address, or in the hidden fields of the form."""

    doctor: Doctor
    form: AbsenceForm
    colleagues_only: bool
    any_time: bool  # of the day; else near the time that it had
    is_all: bool  # those that stand in open time, too

    @classmethod
    def of(cls, form: AbsenceForm, asked: QueryDict) -> "Absence":
        """`form` is valid."""
        doctor: Doctor = form.cleaned_data["doctor"]
        return cls(
            doctor,
            form,
            asked.get("with") == "colleagues",
            asked.get("time") == "any",
            asked.get("all") == "1",
        )

    def pairs(self, **other: str) -> list[tuple[str, str]]:
        """As an address or hidden fields carry it; `other` instead, "" for without."""
        pairs = {
            "doctor": str(self.doctor.uuid),
            "first": self.form.cleaned_data["first"].isoformat(),
            "last": self.form.last_day.isoformat(),
            "with": "colleagues" if self.colleagues_only else "",
            "time": "any" if self.any_time else "",
            "all": "1" if self.is_all else "",
        }
        return [(name, value) for name, value in (pairs | other).items() if value]

    def address(self, **other: str) -> str:
        return f"{reverse('desk:absence')}?{urlencode(self.pairs(**other))}"


@dataclass(frozen=True)
class Read:
    """The visits of an absence, as they stand."""

    staying: Sequence[Appointment]
    gone: Sequence[Appointment]
    calls: Mapping[int, Sequence[Call]]
    reasons: Sequence[str]  # of the time off
    away: Interval | None  # where no time off is on record
    hidden: int  # visits in open time, beside those that are not
    more: int


def read(absence: Absence, now: datetime) -> Read:
    """5 queries for any number of visits."""
    span, doctor = absence.form.span, absence.doctor
    visits = queries.to_come(doctor, span, now=now)
    hours = open_time.load([doctor.pk], span)
    opened = hours.open(doctor.pk, open_time.session_days(span, hours.zone))
    outside = [v for v in visits if not held(Interval(v.appointment_datetime, v.ends_at), opened)]
    shown = visits if absence.is_all or not outside else outside
    calls = queries.calls_in(doctor, span)
    left = queries.visits_of(set(calls) - {visit.pk for visit in shown})
    reasons = [
        off.reason
        for off in hours.absences
        if off.reason and off.time.start < span.end and span.start < off.time.end
    ]
    return Read(
        shown[:MOST],
        left,
        calls,
        list(dict.fromkeys(reasons)),
        None if outside and not absence.is_all else span,
        len(visits) - len(shown),
        more=max(0, len(shown) - MOST),
    )


def rows_of(absence: Absence, found: Read, plan: Plan | None, now: datetime) -> list[Row]:
    """By time, whom a message spares a call last: those who have left, and those who stand there still, as
    the plan or as we propose."""
    times = instead.times_for(
        absence.doctor,
        found.staying,
        instead.Terms(
            away=found.away,
            colleagues_only=absence.colleagues_only,
            same_time=not absence.any_time,
            chosen=plan.chosen if plan else {},
        ),
        now=now,
    )
    # Of who stands there still nothing new was told yet.
    mail = coming.of_many(found.gone, now=now)
    rows = [
        Row(
            visit,
            Calls(found.calls[visit.pk]),
            has_left=True,
            message=told.in_short(mail.get(visit.pk), now),
            mailed=mailed(mail.get(visit.pk), visit),
        )
        for visit in found.gone
    ]
    for visit in found.staying:
        calls = Calls(found.calls.get(visit.pk, ()))
        offers = times.offers[visit.uuid]
        rows.append(_row(visit, calls, offers, plan, visit.uuid in times.gone, now))
    return sorted(rows, key=lambda row: (row.is_spared, row.was_at))


def _row(
    visit: Appointment,
    calls: Calls,
    offers: Sequence[Opening],
    plan: Plan | None,
    was_taken: bool,
    now: datetime,
) -> Row:
    zone = clinic_zone()
    values = [offered_time(offer.doctor.uuid, offer.start, zone) for offer in offers]
    way = plan.ways.get(visit.uuid, "") if plan else ""
    if way not in {KEEP, CANCEL}:
        # A time that was chosen and is free is the first offer.
        way = values[0] if values else KEEP
    day = visit.appointment_datetime.astimezone(zone).date()
    ways = [
        Way(
            value,
            offer,
            distance(offer.start, visit.appointment_datetime, now=now, zone=zone),
            value == way,
            offer.start.astimezone(zone).date() == day,
        )
        for value, offer in zip(values, offers, strict=True)
    ]
    ticked = plan is None or visit.uuid in plan.ticked
    seen = plan.ticked.get(visit.uuid, visit.version) if plan else visit.version
    return Row(
        visit,
        calls,
        ways,
        way,
        is_ticked=ticked and (way != KEEP or plan is not None),
        was_taken=was_taken,
        was_changed=seen != visit.version,
    )


def show(
    request: HttpRequest,
    absence: Absence,
    *,
    now: datetime,
    plan: Plan | None = None,
    is_preview: bool = False,
    reason: ReasonForm | None = None,
    status: int = 200,
) -> HttpResponse:
    found = read(absence, now)
    rows = rows_of(absence, found, plan, now)
    staying = [row for row in rows if not row.has_left]
    going = [row for row in staying if row.is_to_go]
    shown = Plan(
        {row.visit.uuid: row.way for row in staying},
        {row.visit.uuid: row.visit.version for row in staying if row.is_ticked},
    )
    cancelled = sum(row.way == CANCEL for row in going)
    reason = reason or _reason(absence.doctor, found.reasons)
    reason.fields["reason"].required = bool(cancelled)
    context = _head(absence, rows) | {
        "rows": rows,
        "staying": staying,
        "going": going,
        "cancelled": cancelled,
        "moved": len(going) - cancelled,
        "not_going": [row for row in staying if row.is_ticked and not row.is_to_go],
        "found": found,
        "reason": reason,
        "is_preview": is_preview and bool(staying),
        "goes_out": what_goes_out([row.visit.patient for row in going]) if is_preview else "",
        "token": shown.token,
        "now": now,
    }
    return render(request, "desk/absence/absence.html", context, status=status)


def _reason(doctor: Doctor, reasons: Sequence[str]) -> ReasonForm:
    """What is usually said, in the history and to patients."""
    usual = ", ".join(reasons) or _("%(doctor)s is away") % {"doctor": doctor.doctor_name}
    words = _("We are sorry: %(doctor)s cannot be there.") % {"doctor": doctor.doctor_name}
    return ReasonForm(initial={"reason": usual, "words": words})


def _head(absence: Absence, rows: Sequence[Row]) -> dict[str, Any]:
    """What stands above the rows: whose absence it is, how to look at it, and how many were called."""
    return {
        "absence": absence,
        "doctor": absence.doctor,
        "form": absence.form,
        "first": absence.form.cleaned_data["first"],
        "last": absence.form.last_day,
        "to_colleagues": absence.address(**{"with": "colleagues"}),
        "to_all": absence.address(**{"with": ""}),
        "other_order": absence.address(time="" if absence.any_time else "any"),
        "with_all": absence.address(all="1"),
        "calls": counts(rows),
        "are_spared": any(row.is_spared for row in rows),
    }
