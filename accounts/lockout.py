"""Wrong passwords are counted, and who tried too often waits.

django-axes keeps the count: for each name from each address, and here for an address over all names. Nothing
is counted while it waits, so the wait ends when it was said to. A new password from a manager, or Unlock in
the back office, ends it at once.
"""

import math
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from axes.handlers.database import AxesDatabaseHandler
from axes.models import AccessAttempt
from django.conf import settings
from django.db.models import Exists, OuterRef, Q, QuerySet, Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from accounts import addresses, kept
from accounts.models import User

ADDRESS: Final = "address"
NAME: Final = "name"


@dataclass(frozen=True)
class Wait:
    """Who waits until when: a `NAME` at one address, or the whole `ADDRESS`."""

    of: str
    until: datetime

    def seconds(self, now: datetime) -> int:
        return max(math.ceil((self.until - now).total_seconds()), 1)

    def minutes(self, now: datetime) -> int:
        return math.ceil(self.seconds(now) / 60)


class Handler(AxesDatabaseHandler):  # type: ignore[misc]  # axes has no types
    """Django-axes' own, with a limit for an address whichever names were tried from it."""

    def is_locked(self, request: HttpRequest, credentials: dict[str, Any] | None = None) -> bool:
        if super().is_locked(request, credentials):
            return True
        recent = _recent(timezone.now()).filter(ip_address=addresses.counted_address(request))
        failures = recent.aggregate(total=Sum("failures_since_start"))["total"] or 0
        return bool(failures >= settings.SIGN_IN_TRIES_PER_ADDRESS)


def locked(request: HttpRequest, _response: HttpResponse, credentials: dict[str, Any] | None) -> HttpResponse:
    """The answer to a try that is not let in: who waits, and for how long."""
    now = timezone.now()
    name = (credentials or {}).get("username") or ""
    wait = _wait(name, addresses.counted_address(request), now)
    carried = request.POST.get("kept", "")
    context = {
        "wait": wait,
        "minutes": wait.minutes(now),
        "failure_limit": settings.AXES_FAILURE_LIMIT,
        "next": request.POST.get("next", ""),
        "kept": carried if kept.Kept.read(carried) else "",
    }
    response = render(request, "accounts/locked.html", context, status=429)
    response["Retry-After"] = str(wait.seconds(now))
    return response


def unlock(name: str, *, now: datetime) -> int:
    """Let this name try anew, from wherever. Returns how many counts were dropped.

    Also those of each address that waits: who is unlocked may be at one of them.
    """
    waiting = _recent(now).order_by().values("ip_address").annotate(total=Sum("failures_since_start"))
    full = waiting.filter(total__gte=settings.SIGN_IN_TRIES_PER_ADDRESS).values_list("ip_address", flat=True)
    dropped, _ = AccessAttempt.objects.filter(Q(username=name) | Q(ip_address__in=list(full))).delete()
    return int(dropped)


def with_waiting(users: QuerySet[User], *, now: datetime) -> QuerySet[User]:
    """Each user with `is_waiting`: whether the name waits at any address."""
    tries = _recent(now).order_by().filter(username=OuterRef("username")).values("ip_address")
    counted = tries.annotate(total=Sum("failures_since_start"))
    return users.annotate(is_waiting=Exists(counted.filter(total__gte=settings.AXES_FAILURE_LIMIT)))


def _recent(now: datetime) -> QuerySet[AccessAttempt]:
    recent: QuerySet[AccessAttempt] = AccessAttempt.objects.filter(
        attempt_time__gte=now - settings.AXES_COOLOFF_TIME
    )
    return recent


def _wait(name: str, address: str, now: datetime) -> Wait:
    """The longer of the two waits; an address' where there is none of the name."""
    here = _recent(now).filter(ip_address=address)
    waits = [
        (_ends(here, settings.SIGN_IN_TRIES_PER_ADDRESS), ADDRESS),
        (_ends(here.filter(username=name), settings.AXES_FAILURE_LIMIT), NAME),
    ]
    ends, of = max(((end, of) for end, of in waits if end), default=(now + settings.AXES_COOLOFF_TIME, NAME))
    return Wait(of, ends)


def _ends(tries: QuerySet[AccessAttempt], limit: int) -> datetime | None:
    """When so many of these are too old to count that fewer than `limit` are left; None if fewer are."""
    counted = list(tries.order_by("attempt_time").values_list("attempt_time", "failures_since_start"))
    left = sum(failures for _, failures in counted)
    end = None
    for at, failures in counted:
        if left < limit:
            break
        left -= failures
        end = at + settings.AXES_COOLOFF_TIME
    return end
