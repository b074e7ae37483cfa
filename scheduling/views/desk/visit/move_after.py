"""Moving a visit of a series and those after it: previewed date by date, then done in one commit."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from accounts.who import account_of
from scheduling.access import desk, filled_again_by
from scheduling.booking import series as engine
from scheduling.booking import states, together
from scheduling.booking.rights import CHANGE_VISITS, VIEW_VISITS
from scheduling.booking.rules import LONGEST_REASON
from scheduling.booking.seen import Seen
from scheduling.booking.series import Place
from scheduling.booking.together import Move, NotTogether
from scheduling.clock import clinic_zone
from scheduling.forms.absence import ReasonForm
from scheduling.forms.seen import mark_of, versions_of
from scheduling.forms.series import Choices, agreed, doctors_of
from scheduling.forms.steps import offered_time_of
from scheduling.models import Appointment
from scheduling.views.desk.shared import refused_together
from scheduling.views.desk.shared.series import dates_of
from scheduling.views.desk.shared.typed import shown_by_get, to_shown
from scheduling.views.desk.visit import answers, those_after
from scheduling.views.desk.visit.those_after import Regular

PREVIEW: Final = "desk:move-after"


@filled_again_by(PREVIEW)
@desk(VIEW_VISITS, CHANGE_VISITS)
@require_http_methods(["GET", "HEAD", "POST"])
@shown_by_get(PREVIEW, start="desk:appointment")
def preview(request: HttpRequest, typed: QueryDict, uuid: UUID) -> HttpResponse:
    """Each of them as it would stand, and what is in its way. Nothing is saved."""
    now, visit = timezone.now(), answers.visit_of(uuid)
    regular = those_after.of(visit)
    if regular is None or visit.status not in states.MOVABLE:
        return answers.not_from_here(request, visit)
    to = _target(typed)
    if to is None:
        messages.warning(request, _("That time could not be read. Pick a free time."))
        return redirect("desk:appointment", uuid)
    return _page(request, visit, regular, to, typed, now)


@filled_again_by(PREVIEW)
@desk(VIEW_VISITS, CHANGE_VISITS)
@require_POST
def apply(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """The moves that the page said, in one commit: all of them or none."""
    now, visit = timezone.now(), answers.visit_of(uuid)
    regular = those_after.of(visit)
    visits = {} if regular is None else {str(one.uuid): one for one in (visit, *regular.place.after)}
    steps = _steps(request.POST, visits)
    if regular is None or not steps:
        messages.warning(request, _("There is no visit to move."))
        return _again(request, uuid, now)
    series, form = regular.series.uuid, ReasonForm(request.POST)
    if not form.is_valid():
        for message in form.errors["reason"]:
            messages.warning(request, str(message))
        return _again(request, uuid, now)
    reason = form.cleaned_data["reason"]
    try:
        done = together.change(steps, by=account_of(request), now=now, reason=reason, series=series)
    except NotTogether as refused:
        for why in refused_together.why_not(list(visits.values()), refused.in_the_way, now):
            messages.warning(request, _("Nothing was moved yet. %(why)s") % {"why": why})
        return _again(request, uuid, now)
    said = ngettext("%(n)s visit is moved.", "%(n)s visits are moved.", len(done))
    return answers.done_together(request, done, said % {"n": len(done)}, series)


def _steps(posted: QueryDict, visits: Mapping[str, Appointment]) -> list[Move]:
    """What the page said, of the visits (by uuid) of this series, in the versions that it showed."""
    seen, places = versions_of(posted.getlist("after")), agreed(posted)
    doctors = doctors_of(places.values())
    return [
        Move(seen=Seen(visits[key].uuid, seen[visits[key].uuid]), doctor=doctors[doctor], start=start)
        for key, (doctor, start) in places.items()
        if key in visits and visits[key].uuid in seen and doctor in doctors
    ]


def _again(request: HttpRequest, uuid: UUID, now: datetime) -> HttpResponse:
    return to_shown(request, PREVIEW, request.POST, reverse(PREVIEW, args=[uuid]), now=now)


def _target(typed: QueryDict) -> Place | None:
    """Where the first of them goes."""
    place = offered_time_of(f"{typed.get('doctor')}|{typed.get('start')}", clinic_zone())
    doctor = doctors_of([place]).get(place[0]) if place else None
    return (doctor, place[1]) if place and doctor else None


def _page(
    request: HttpRequest, visit: Appointment, regular: Regular, to: Place, typed: QueryDict, now: datetime
) -> HttpResponse:
    visits, choices = [visit, *regular.after], Choices.of(typed)
    doctors = choices.doctors
    chosen = {
        one.uuid: (doctors[place[0]], place[1])
        for one in visits
        if (place := choices.at.get(str(one.uuid))) and place[0] in doctors
    }
    wished = engine.moved(visits, to, chosen=chosen, now=now)
    context: Mapping[str, Any] = {
        "appointment": visit,
        "regular": regular,
        "target": {"doctor": to[0], "start": to[1]},
        "dates": dates_of([str(one.uuid) for one in visits], wished, choices, before=visits),
        "choices": choices,
        "marks": [mark_of(one) for one in visits],
        "reason": typed.get("reason", "")[:LONGEST_REASON],
        "now": now,
    }
    return render(request, "desk/visit/move_after.html", context)
