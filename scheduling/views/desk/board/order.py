"""The order of the columns that somebody has for themselves: a number beside each doctor."""

from collections.abc import Sequence

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts import column_order
from accounts.models import User
from accounts.who import account_of
from scheduling.access import desk
from scheduling.booking.rights import VIEW_VISITS
from scheduling.models import Doctor


def in_order(doctors: Sequence[Doctor], account: User) -> list[Doctor]:
    """The doctors in the person's own order; those who are not in it stand behind, as they usually do."""
    places = {uuid: place for place, uuid in enumerate(column_order.order_of(account))}
    return sorted(doctors, key=lambda doctor: places.get(str(doctor.uuid), len(places)))


def renumbered(doctors: Sequence[Doctor], typed: QueryDict) -> list[Doctor]:
    """As they are by the numbers that were typed, each under a doctor's identity: who is given the number
    of another takes that place. What is no number leaves a doctor where they are."""

    def place(numbered: tuple[int, Doctor]) -> tuple[int, int]:
        now, doctor = numbered
        text = typed.get(str(doctor.uuid), "").strip()
        wished = int(text) if text.isdecimal() and len(text) < 5 else now
        return wished, (wished > now) - (wished < now)

    return [doctor for _number, doctor in sorted(enumerate(doctors, 1), key=place)]


@desk(VIEW_VISITS)
@require_http_methods(["GET", "HEAD", "POST"])
def order(request: HttpRequest) -> HttpResponse:
    """All doctors who are active, with their numbers: 1 query."""
    account = account_of(request)
    usual = Doctor.objects.active().select_related("specialty")
    doctors = in_order(list(usual.order_by("specialty__specialty_name", "doctor_name", "pk")), account)
    if request.method == "POST":
        column_order.keep(account, [doctor.uuid for doctor in renumbered(doctors, request.POST)])
        return _kept(request)
    has_own = bool(column_order.order_of(account))
    return render(request, "desk/board/order.html", {"doctors": doctors, "has_own": has_own})


@desk(VIEW_VISITS)
@require_POST
def usual_order(request: HttpRequest) -> HttpResponse:
    """By specialty and name again."""
    column_order.keep(account_of(request), [])
    return _kept(request)


def _kept(request: HttpRequest) -> HttpResponse:
    messages.success(request, _("Saved. This holds for you alone."))
    return redirect("desk:columns")
