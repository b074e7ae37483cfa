"""Every refusal as RFC 9457 has it: application/problem+json, a code for programs, a sentence for people.

No value that a request brought is repeated: it may be a name, and answers are logged at the other end.
"""

import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from http import HTTPStatus
from typing import Any, Final

from django.core.exceptions import RequestDataTooBig
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError
from ninja.responses import NinjaJSONEncoder

from scheduling.api.schemas.appointments import AppointmentDetail, etag
from scheduling.api.schemas.base import Reason
from scheduling.api.schemas.problems import Problem
from scheduling.booking.actions import Refused
from scheduling.booking.actions import Stale as StaleAppointment

MEDIA_TYPE: Final = "application/problem+json"
# The schedule, or the state of what is on record, stands in the way: the same request may do another time.
CONFLICTS: Final = frozenset(
    {
        "doctor_taken",
        "buffer",
        "patient_taken",
        "outside_hours",
        "time_off",
        "no_hours",
        "already_booked",
        "already_on_record",
        "email_taken",
        "not_from_here",
        "too_early",
        "length_stands",
    }
)
# Where another time of the doctor, or of a colleague, helps.
OF_THE_TIME: Final = frozenset(
    {"doctor_taken", "buffer", "patient_taken", "outside_hours", "time_off", "no_hours"}
)
# The engine's fields as requests name them.
FIELDS: Final = {
    "doctor": "doctor_uuid",
    "patient": "patient_uuid",
    "visit_type": "visit_type_uuid",
    "start": "appointment_datetime",
}

# Python 3.13 calls them otherwise, and programs go by a code.
OLD_NAMES: Final = {413: "Request Entity Too Large", 414: "URI Too Long", 422: "Unprocessable Entity"}
CHOICE: Final = re.compile(r"'([^']*)'|[A-Z][A-Za-z]*\.([A-Z_]+)")

# Pydantic's errors in our words; they take their numbers from its context.
WORDS: Final = {
    "missing": gettext_lazy("This is missing."),
    "extra_forbidden": gettext_lazy("Nothing of this name is known here. Check how it is written."),
    "string_type": gettext_lazy("Give this as text, in quotes."),
    "string_too_short": gettext_lazy("This is empty."),
    "string_too_long": gettext_lazy("Up to %(max_length)s characters fit here."),
    "int_type": gettext_lazy("Give a whole number."),
    "int_parsing": gettext_lazy("Give a whole number."),
    "int_parsing_size": gettext_lazy("Give a whole number."),
    "int_from_float": gettext_lazy("Give a whole number."),
    "greater_than_equal": gettext_lazy("Give at least %(ge)s."),
    "less_than_equal": gettext_lazy("Give at most %(le)s."),
    "bool_type": gettext_lazy("Give true or false."),
    "enum": gettext_lazy("Give one of: %(expected)s."),
    "literal_error": gettext_lazy("Give one of: %(expected)s."),
    "model_type": gettext_lazy("Give an object, in braces."),
    "value_error": gettext_lazy("This is not an e-mail address."),
}

# Where the engine speaks of the form that a person has before them.
FOR_PROGRAMS: Final = {
    "already_booked": gettext_lazy(
        "This uuid was used before, with other details. The first appointment stands; nothing was changed. "
        "Make up another uuid for another one."
    ),
    # Without the patient's name and age: answers are logged at the other end.
    "type_not_for_age": gettext_lazy("This visit type is not for a patient of this age on that day."),
    "doctor_not_for_age": gettext_lazy("This doctor does not see patients of this age on that day."),
}


class Invalid(Exception):
    """A value of the request that cannot be used: 422, beside its field."""

    def __init__(self, code: str, field: str, message: str) -> None:
        super().__init__(code)
        self.reason = Reason(code=code, field=field, message=message)


class HttpProblem(Exception):
    """An answer other than success, with what goes along."""

    def __init__(
        self, status: int, *reasons: Reason, headers: Mapping[str, str] | None = None, **more: Any
    ) -> None:
        super().__init__(status)
        self.status = status
        self.reasons = reasons
        self.headers = headers or {}
        self.more = more


def register(api: NinjaAPI) -> None:
    """Every exception of an operation becomes a problem; an unforeseen one is Django's to log."""
    handlers: Mapping[type[Exception], Callable[[HttpRequest, Any], HttpResponse]] = {
        ValidationError: _invalid,
        Invalid: lambda request, error: response(422, [error.reason]),
        HttpProblem: lambda request, error: response(
            error.status, error.reasons, error.headers, **error.more
        ),
        Refused: lambda request, error: response(status_of(error), reasons_of(error)),
        StaleAppointment: _stale,
        RequestDataTooBig: lambda request, error: response(413),
        Http404: lambda request, error: response(404),
        HttpError: _unreadable,
        Exception: _unforeseen,
    }
    for kind, handler in handlers.items():
        api.add_exception_handler(kind, handler)


def response(
    status: int,
    reasons: Sequence[Reason] = (),
    headers: Mapping[str, str] | None = None,
    detail: str = "",
    **more: Any,
) -> HttpResponse:
    """`more`: members that go along, such as free times."""
    body = json.dumps({**in_short(status, reasons, detail), **more}, cls=NinjaJSONEncoder)
    return HttpResponse(body, status=status, content_type=MEDIA_TYPE, headers=dict(headers or {}))


def in_short(status: int, reasons: Sequence[Reason] = (), detail: str = "") -> dict[str, Any]:
    """A problem's members; without reasons, of what is true of every answer of this status."""
    title = OLD_NAMES.get(status) or HTTPStatus(status).phrase
    said = reasons or [Reason(code=title.lower().replace(" ", "_"), message=in_general(status))]
    return Problem(
        title=title,
        status=status,
        detail=detail or " ".join(dict.fromkeys(reason.message for reason in said)),
        problems=list(said),
    ).model_dump()


def in_general(status: int) -> str:
    """A sentence for a status of which no more is known."""
    match status:
        case 400:
            return _("This request could not be read. Send JSON in UTF-8, as the documentation describes it.")
        case 404:
            return _("There is nothing at this address.")
        case 405:
            return _("This address does not take this method.")
        case 411:
            return _("Send the length of the body along (Content-Length), not the body in chunks.")
        case 413:
            return _("This request is too large.")
        case 414:
            return _(
                "This address is too long. Send what is long in a body, where the documentation has one."
            )
        case 415:
            return _("Send JSON, and say so: Content-Type: application/json.")
        case 503:
            return _(
                "The appointment book does not answer at the moment; nothing was done. Send the same request "
                "again after the seconds of Retry-After."
            )
        case _ if status >= 500:
            return _(
                "Something went wrong here, and it is not certain whether it was done. A request with a uuid "
                "of yours can be sent again as it is."
            )
    return _("This request was refused.")


def reasons_of(refused: Refused, fields: Mapping[str, str] = FIELDS) -> list[Reason]:
    """`fields`: the engine's, as the request names them."""
    return [
        Reason(
            code=each.code,
            field=fields.get(each.field, each.field),
            message=str(FOR_PROGRAMS.get(each.code, each.message)),
        )
        for each in refused.problems
    ]


def status_of(refused: Refused) -> int:
    """409 where the schedule or the record stands in the way, 422 where the request itself does."""
    return 409 if refused.codes <= CONFLICTS else 422


def _stale(request: HttpRequest, stale: StaleAppointment) -> HttpResponse:
    current = AppointmentDetail.from_orm(stale.current)
    message = _(
        "Somebody changed this appointment meanwhile. Nothing was changed; this is how it stands now."
    )
    reasons = [Reason(code="stale", message=message)]
    return response(412, reasons, {"ETag": etag(stale.current)}, current=current.model_dump())


def _unreadable(request: HttpRequest, error: HttpError) -> HttpResponse:
    """Django Ninja says 400 of whatever its parser refuses: why, is behind that."""
    cause = error.__cause__
    return response(cause.status if isinstance(cause, HttpProblem) else error.status_code)


def _invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
    reasons = [_reason(each) for each in error.errors]
    detail = _("Some of what was sent cannot be used, and nothing was changed. “problems” goes through it.")
    return response(422, reasons, detail=reasons[0].message if len(reasons) == 1 else detail)


def _unforeseen(request: HttpRequest, error: Exception) -> HttpResponse:
    raise error


def _reason(error: Mapping[str, Any]) -> Reason:
    """One of Pydantic's errors; its own words are kept where there are none of ours."""
    context = dict(error.get("ctx", {}))
    if "expected" in context:
        context["expected"] = ", ".join(_choices(context["expected"]))
    if "said" in context:
        return Reason(code=error["type"], field=_field(error["loc"]), message=context["said"])
    if error["type"] == "missing" and not _field(error["loc"]):
        return Reason(code="missing", message=_("The body is missing: send a JSON object."))
    words = WORDS.get(error["type"])
    message = error["msg"] if words is None else str(words) % context
    return Reason(code=error["type"], field=_field(error["loc"]), message=message)


def _choices(expected: str) -> Iterable[str]:
    """The values alone of "'patient' or 'clinic'" or "Status.PENDING or Status.CONFIRMED"."""
    return (value or member.lower() for value, member in CHOICE.findall(expected))


def _field(loc: Iterable[Any]) -> str:
    """("body", "asked", "patient", "email") -> "patient.email"; ("query", "from") -> "from"."""
    place, *path = (str(part) for part in loc)
    return ".".join(path[1:] if place == "body" else path)
