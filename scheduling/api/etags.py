"""`If-Match`: a change says which version of the appointment it was decided on."""

import re
from collections.abc import Callable
from functools import wraps
from typing import Final, ParamSpec, TypeVar

from django.http import HttpRequest
from django.utils.translation import gettext as _

from scheduling.api.problems import HttpProblem
from scheduling.api.schemas.appointments import AppointmentDetail, etag
from scheduling.api.schemas.base import Reason
from scheduling.booking.actions import Stale
from scheduling.booking.seen import Seen
from scheduling.models import Appointment

P = ParamSpec("P")
Answer = TypeVar("Answer")

WHATEVER: Final = "*"  # whatever stands now
# A weak one (W/"3") matches nothing here (RFC 9110): it would be of another version that looks alike.
ETAG: Final = re.compile(r'(?<!W/)"([1-9]\d{0,8})"', re.ASCII)


ATTEMPTS: Final = 5  # at what `*` was decided on; nobody changes one visit as often in a moment


def whatever_stands(operation: Callable[P, Answer]) -> Callable[P, Answer]:
    """Where `*` was asked for and somebody was quicker between the look and the change, look again."""

    @wraps(operation)
    def run(*args: P.args, **kwargs: P.kwargs) -> Answer:
        for attempt in range(1, ATTEMPTS + 1):
            try:
                return operation(*args, **kwargs)
            except Stale:
                if not is_whatever(args[0]) or attempt == ATTEMPTS:
                    raise
        raise AssertionError("unreachable")

    return run


def is_whatever(request: object) -> bool:
    return isinstance(request, HttpRequest) and request.headers.get("If-Match", "").strip() == WHATEVER


def seen(request: HttpRequest, appointment: Appointment) -> Seen:
    """The version that the asker has seen; `*` is whatever stands now. Raises `HttpProblem`: 428 without
    one, 412 for what is no version."""
    given = request.headers.get("If-Match", "").strip()
    if is_whatever(request):
        return Seen.of(appointment)
    if not given:
        raise _problem(
            428,
            appointment,
            "if_match_missing",
            _("Say on which version this was decided: If-Match, with the ETag of the appointment, or *."),
        )
    versions = {int(found) for found in ETAG.findall(given)}
    if not versions:
        raise _problem(
            412,
            appointment,
            "if_match_unreadable",
            _("If-Match takes the ETag of the appointment as it was given, in quotes and without W/, or *."),
        )
    return Seen(appointment.uuid, appointment.version if appointment.version in versions else max(versions))


def _problem(status: int, appointment: Appointment, code: str, message: str) -> HttpProblem:
    """With the appointment as it is now."""
    current = AppointmentDetail.from_orm(appointment).model_dump()
    reason = Reason(code=code, field="If-Match", message=message)
    return HttpProblem(status, reason, headers={"ETag": etag(appointment)}, current=current)
