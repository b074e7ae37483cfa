"""A doctor is away: the list of who must be told, a plan that is shown first, and one commit that does it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.who import account_of
from scheduling.access import desk, filled_again_by
from scheduling.booking import calls, together
from scheduling.booking.calls import SomebodyWasQuicker
from scheduling.booking.rights import CHANGE_VISITS, VIEW_VISITS
from scheduling.booking.rules import Refused
from scheduling.booking.seen import Seen
from scheduling.booking.together import Cancel, InTheWay, Move, Step
from scheduling.clock import clinic_today
from scheduling.forms.absence import CANCEL, AbsenceForm, Plan, ReasonForm, called
from scheduling.forms.seen import mark_of
from scheduling.models import Appointment, Doctor, Status
from scheduling.views.context import forget_attention_count
from scheduling.views.desk.absence import page
from scheduling.views.desk.absence.page import Absence
from scheduling.views.desk.shared.statuses import REFUSED
from scheduling.views.desk.shared.typed import shown_by_get, to_shown

PREVIEW: Final = "desk:absence-preview"


@desk(VIEW_VISITS, CHANGE_VISITS)
@require_safe
def absence(request: HttpRequest) -> HttpResponse:
    """For a doctor's day or days; asked for nobody's, the form to say whose."""
    now = timezone.now()
    if not request.GET.get("doctor"):
        days = {name: request.GET.get(name) for name in ("first", "last")}
        return _ask(request, AbsenceForm(today=clinic_today(now), initial=days))
    form = AbsenceForm(request.GET, today=clinic_today(now))
    if not form.is_valid():
        return _ask(request, form, status=REFUSED)
    asked = Absence.of(form, request.GET)
    return page.show(request, asked, now=now, is_preview=asked.colleagues_only)


@filled_again_by(PREVIEW)
@desk(VIEW_VISITS, CHANGE_VISITS)
@require_http_methods(["GET", "HEAD", "POST"])
@shown_by_get(PREVIEW, start="desk:absence")
def preview(request: HttpRequest, typed: QueryDict) -> HttpResponse:
    """What would be, as chosen: before and after, and who does not fit. Nothing is saved."""
    now = timezone.now()
    form = AbsenceForm(typed, today=clinic_today(now))
    if not form.is_valid():
        return _ask(request, form, status=REFUSED)
    return page.show(
        request,
        Absence.of(form, typed),
        now=now,
        plan=Plan.of(typed),
        is_preview="told" not in typed,
        reason=ReasonForm(initial={name: typed.get(name, "") for name in ReasonForm.base_fields}),
    )


@filled_again_by(PREVIEW)
@desk(VIEW_VISITS, CHANGE_VISITS)
@require_POST
def apply(request: HttpRequest) -> HttpResponse:
    """The plan that was shown, in one commit. Who cannot go is offered other times, the rest goes on."""
    now = timezone.now()
    form = AbsenceForm(request.POST, today=clinic_today(now))
    if not form.is_valid():
        return _ask(request, form, status=REFUSED)
    asked, plan, reason = Absence.of(form, request.POST), Plan.of(request.POST), ReasonForm(request.POST)
    if plan.token != request.POST.get("token"):
        messages.info(request, _("You changed the choice. Look at what it does, then press once more."))
        return _keep(request, request.POST, now)
    steps = _steps(plan)
    if not steps:
        messages.warning(request, _("Nothing is ticked that could be moved or cancelled."))
        return _keep(request, request.POST, now)
    if not reason.is_valid():
        return page.show(request, asked, now=now, plan=plan, is_preview=True, reason=reason, status=REFUSED)
    try:
        done, left = together.what_can(steps, by=account_of(request), now=now, **reason.cleaned_data)
    except Refused as refused:
        for problem in refused.problems:
            reason.add_error("reason", problem.message)
        return page.show(request, asked, now=now, plan=plan, is_preview=True, reason=reason, status=REFUSED)
    except Appointment.DoesNotExist:
        messages.warning(request, _("A visit of the list is not on record any more. Look at it again."))
        return redirect(asked.address(**{"with": ""}))
    forget_attention_count()
    _say(request, done)
    if left:
        return _left(request, plan, left, now)
    return redirect(asked.address(**{"with": ""}))


@filled_again_by(PREVIEW)
@desk(VIEW_VISITS, CHANGE_VISITS)
@require_POST
def told(request: HttpRequest) -> HttpResponse:
    """How a call went; what was chosen on the page stays chosen."""
    now, asked = timezone.now(), called(request.POST)
    if asked is None:
        messages.warning(request, _("That could not be read. Press again."))
        return _keep(request, request.POST, now)
    uuid, seen, outcome = asked
    try:
        calls.note(uuid, outcome, seen=seen, by=account_of(request), now=now)
    except (SomebodyWasQuicker, Appointment.DoesNotExist):
        messages.warning(request, _("Somebody else has just written down a call to this patient."))
    return _keep(request, request.POST, now, at=f"#v-{uuid}")


def _ask(request: HttpRequest, form: AbsenceForm, *, status: int = 200) -> HttpResponse:
    return render(request, "desk/absence/choose.html", {"form": form}, status=status)


def _keep(request: HttpRequest, posted: QueryDict, now: datetime, *, at: str = "") -> HttpResponse:
    """To the page with all that was chosen; `at` one of its rows."""
    return to_shown(request, PREVIEW, posted, reverse(PREVIEW), now=now, at=at)


def _steps(plan: Plan) -> list[Step]:
    chosen = plan.chosen
    doctors = {
        row.uuid: row
        for row in Doctor.objects.filter(uuid__in={doctor for doctor, _start in chosen.values()})
    }
    steps: list[Step] = []
    for uuid, version in plan.ticked.items():
        seen = Seen(uuid, version)
        if plan.ways.get(uuid) == CANCEL:
            steps.append(Cancel(seen=seen))
        elif uuid in chosen and (doctor := doctors.get(chosen[uuid][0])):
            steps.append(Move(seen=seen, doctor=doctor, start=chosen[uuid][1]))
    return steps


def _say(request: HttpRequest, done: Sequence[Appointment]) -> None:
    cancelled = sum(visit.status == Status.CANCELLED for visit in done)
    moved = len(done) - cancelled
    said = []
    if moved:
        said.append(ngettext("%(n)s visit is moved.", "%(n)s visits are moved.", moved) % {"n": moved})
    if cancelled:
        words = ngettext("%(n)s visit is cancelled.", "%(n)s visits are cancelled.", cancelled)
        said.append(words % {"n": cancelled})
    if said:
        messages.success(request, " ".join([*said, _("They stay on this list until everybody is told.")]))


def _left(request: HttpRequest, plan: Plan, left: InTheWay, now: datetime) -> HttpResponse:
    """The page again for those who could not go: with other times, and in their version of now."""
    names = {
        visit.uuid: visit
        for visit in Appointment.objects.filter(uuid__in=left).select_related("patient").order_by("pk")
    }
    for uuid, problems in left.items():
        words = {"patient": names[uuid].patient.full_name, "why": " ".join(p.message for p in problems)}
        messages.warning(request, _("%(patient)s stays: %(why)s") % words)
    posted = request.POST.copy()
    posted.setlist("visit", [mark_of(names[uuid]) for uuid in left])
    for uuid in set(plan.ways) - set(left):
        posted.pop(f"way-{uuid}", None)
    return _keep(request, posted, now)
