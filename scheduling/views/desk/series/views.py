"""Regular visits: a booking that is repeated is previewed and booked in one commit; what became of it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import typed as typed_forms
from accounts.who import account_of
from scheduling.access import desk, filled_again_by
from scheduling.booking import series as engine
from scheduling.booking import series_later as later
from scheduling.booking.proposal import Proposal
from scheduling.booking.rights import BOOK, CHANGE_VISITS, UNDO, VIEW_PATIENTS, VIEW_VISITS, rights_of
from scheduling.booking.rules import Refused
from scheduling.booking.seen import Seen
from scheduling.booking.together import InTheWay, NotTogether
from scheduling.clock import clinic_zone
from scheduling.forms.booking import BookingForm
from scheduling.forms.fields import uuid_of
from scheduling.forms.seen import versions_of
from scheduling.forms.series import agreed, doctors_of
from scheduling.forms.steps import instant_of
from scheduling.models import HOLDS_TIME, Appointment, AppointmentEvent, Series, Status
from scheduling.queries import series as queries
from scheduling.queries.series import Joint
from scheduling.templatetags.clinic import moment
from scheduling.times_in_words import rhythm_in_words
from scheduling.views.desk.booking import views as booking
from scheduling.views.desk.series import page
from scheduling.views.desk.series.page import Plan
from scheduling.views.desk.shared import refused_together, told
from scheduling.views.desk.shared.statuses import REFUSED
from scheduling.views.desk.shared.typed import shown_by_get, to_shown
from scheduling.views.desk.shared.way_back import way_back

Kind = AppointmentEvent.Kind
PLAN: Final = "desk:series-plan"


@filled_again_by(PLAN)
@desk(VIEW_VISITS, VIEW_PATIENTS, BOOK)
@require_http_methods(["GET", "HEAD", "POST"])
@shown_by_get(PLAN, start="desk:book")
def plan(request: HttpRequest, typed: QueryDict) -> HttpResponse:
    """How often, and each date with what is in its way: nothing is saved. A booking that lacks something is
    shown again as it would be if it were sent."""
    now = timezone.now()
    first = _first(request, typed, now)
    if isinstance(first, HttpResponse):
        return first
    return page.show(request, Plan.of(first, typed, now), typed, now)


@filled_again_by(PLAN)
@desk(VIEW_VISITS, VIEW_PATIENTS, BOOK)
@require_POST
def book(request: HttpRequest) -> HttpResponse:
    """The dates that the page said, in one commit: all of them or none."""
    now, typed = timezone.now(), request.POST
    first = _first(request, typed, now)
    if isinstance(first, HttpResponse):
        return first
    asked = Plan.of(first, typed, now)
    if not asked.form.is_valid():
        return page.show(request, asked, typed, now, status=REFUSED)
    if typed.get(page.SHOWN) != asked.shown:
        messages.warning(request, _("These are other dates now: look at them before you book."))
        return _again(request, typed, now)
    wanted = _wanted(first, typed)
    if not wanted:
        messages.warning(request, _("There is no date to book. Choose how often, and look at the dates."))
        return _again(request, typed, now)
    try:
        series = engine.book_all(
            list(wanted.values()),
            asked.form.rule,
            weekday=asked.form.first.weekday(),
            uuid=first.uuid,
            by=account_of(request),
            now=now,
        ).row
    except NotTogether as refused:
        return _just_taken(request, wanted, refused.in_the_way, now)
    except Refused as refused:
        return _not_booked(request, refused, now)
    typed_forms.forget(request, series.uuid)
    said = ngettext(
        "%(n)s visit is booked for %(patient)s.", "%(n)s visits are booked for %(patient)s.", len(wanted)
    )
    said %= {"n": len(wanted), "patient": first.patient.full_name}
    what_goes_out = told.after_a_series(queries.visits_of(series.pk), now)
    messages.success(request, f"{said} {what_goes_out}".strip())
    return redirect("desk:series", series.uuid)


@desk(VIEW_VISITS)
@require_safe
def series(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """The visits of a series, as each stands now."""
    now, found = timezone.now(), queries.find(uuid)
    if found is None:
        raise Http404
    visits = queries.visits_of(found.pk)
    left = [visit for visit in visits if visit.status in HOLDS_TIME and visit.appointment_datetime >= now]
    context = {
        "series": found,
        "rhythm": rhythm_in_words(found.rule, found.weekday),
        "visits": visits,
        "left": left,
        "together": _joint(request, visits),
        # Whose it is, says each visit: that of one may have been corrected.
        "of": (left or visits)[0] if visits else None,
        "toast_focus": True,  # here one comes to from what was done with several
        "now": now,
    }
    return render(request, "desk/series/series.html", context)


@desk(VIEW_VISITS, CHANGE_VISITS)
@require_POST
def undo(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """What was done with several of them in one go is taken back, or nothing is: what the page shows, or
    that were changed at the moment that a message names (`at`)."""
    now, found = timezone.now(), queries.find(uuid)
    if found is None:
        raise Http404
    visits = {visit.uuid: visit for visit in queries.visits_of(found.pk)}
    marks = versions_of(request.POST.getlist("after"))
    if at := instant_of(request.POST.get("at", ""), clinic_zone()):
        marks = queries.versions_left_by(found, at)
    seen = [Seen(*mark) for mark in marks.items() if mark[0] in visits]
    try:
        done = later.undo_all(seen, by=account_of(request), now=now)
    except NotTogether as refused:
        for why in refused_together.why_not(list(visits.values()), refused.in_the_way, now):
            messages.warning(request, _("Nothing was undone. %(why)s") % {"why": why})
    except Refused as refused:
        for problem in refused.problems:
            messages.warning(request, problem.message)
    else:
        was_cancelled = visits[done[0].uuid].status == Status.CANCELLED
        messages.success(request, _undone(len(done), was_cancelled=was_cancelled))
    return redirect(way_back(request) or reverse("desk:series", args=[uuid]))


def _undone(n: int, *, was_cancelled: bool) -> str:
    if was_cancelled:
        said = ngettext("Undone. %(n)s visit stands again.", "Undone. %(n)s visits stand again.", n)
    else:
        said = ngettext("Undone. %(n)s visit is as before.", "Undone. %(n)s visits are as before.", n)
    return said % {"n": n}


def _joint(request: HttpRequest, visits: Sequence[Appointment]) -> Joint | None:
    """What this person may take back by one press."""
    joint = queries.done_together(visits)
    may = joint and (joint.kind != Kind.CANCELLED or UNDO in rights_of(account_of(request)))
    return joint if may else None


def _first(request: HttpRequest, typed: QueryDict, now: datetime) -> Proposal | HttpResponse:
    form = BookingForm(typed, now=now)
    uuid = uuid_of(typed.get("uuid"))
    is_again = uuid is not None and Series.objects.filter(uuid=uuid).exists()
    return booking.asked(request, form, typed.copy(), now, is_again=is_again)


def _wanted(first: Proposal, typed: QueryDict) -> dict[str, Proposal]:
    """A visit for each date that the page showed; none where one of them cannot be read."""
    places = agreed(typed)
    doctors = doctors_of(places.values())
    if any(doctor not in doctors for doctor, _start in places.values()):
        return {}
    return {key: page.at_a_place(first, (doctors[doctor], start)) for key, (doctor, start) in places.items()}


def _again(request: HttpRequest, posted: QueryDict, now: datetime) -> HttpResponse:
    return to_shown(request, PLAN, posted, reverse(PLAN), now=now)


def _just_taken(
    request: HttpRequest, wanted: dict[str, Proposal], in_the_way: InTheWay, now: datetime
) -> HttpResponse:
    """The page again: those dates are in the way there, by name, with other times."""
    for proposal in wanted.values():
        if problems := in_the_way.get(proposal.uuid):
            words = {"when": moment(proposal.start, now), "why": " ".join(p.message for p in problems)}
            messages.warning(request, _("Nothing was booked yet. %(when)s: %(why)s") % words)
    return _again(request, request.POST, now)


def _not_booked(request: HttpRequest, refused: Refused, now: datetime) -> HttpResponse:
    for problem in refused.problems:
        messages.warning(request, problem.message)
    posted = request.POST.copy()
    if "already_booked" in refused.codes:
        messages.info(request, _("To book this as one more series, press the button once more."))
        posted["uuid"] = str(uuid4())
    return _again(request, posted, now)
