"""What a gateway tells us, signed: replies, receipts, and what came back (docs/webhooks.md)."""

import json
from collections.abc import Callable, Mapping
from datetime import datetime
from http import HTTPStatus
from typing import Any, Final
from uuid import UUID

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from scheduling.access import signed_hook
from scheduling.matching.names import squash, tidy
from scheduling.notices import bounces, signing
from scheduling.notices import replies as engine
from scheduling.times import possible

LARGEST: Final = 64 * 1024  # bytes
Said = Mapping[str, Any]


class Unusable(Exception):
    """What was said cannot be used: `str()` names the field."""


@signed_hook
@csrf_exempt
def replies(request: HttpRequest) -> HttpResponse:
    """404 for a clinic that has not set it up."""
    if not settings.REPLIES_SECRET:
        raise Http404
    return _signed(request)


@never_cache
@require_POST
def _signed(request: HttpRequest) -> HttpResponse:
    try:
        length = int(request.META.get("CONTENT_LENGTH") or 0)
    except ValueError:
        return _refusal(HTTPStatus.BAD_REQUEST, "length")
    if length > LARGEST:
        return _refusal(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "too_large")
    now = timezone.now()
    try:
        name = signing.verify(settings.REPLIES_SECRET, request.headers, request.body, now=now)
    except signing.Unsigned as error:
        return _refusal(HTTPStatus.UNAUTHORIZED, str(error))
    try:
        said = json.loads(request.body)
    except (ValueError, RecursionError):
        return _refusal(HTTPStatus.BAD_REQUEST, "not_json")
    return _taken(name, said, now)


def _taken(name: str, said: Any, now: datetime) -> HttpResponse:
    kind = said.get("type") if isinstance(said, dict) else None
    if not isinstance(kind, str) or kind not in KINDS:
        return _refusal(HTTPStatus.UNPROCESSABLE_ENTITY, "type")
    try:
        return JsonResponse(KINDS[kind](name, said, now))
    except Unusable as error:
        return _refusal(HTTPStatus.UNPROCESSABLE_ENTITY, str(error))
    except bounces.UnknownMessage:
        return _refusal(HTTPStatus.UNPROCESSABLE_ENTITY, "id")
    except bounces.NotYet:
        response = _refusal(HTTPStatus.SERVICE_UNAVAILABLE, "being_sent")
        response._has_been_logged = True  # type: ignore[attr-defined]  # nothing is broken
        return response
    except engine.OtherReply:
        return _refusal(HTTPStatus.CONFLICT, "other_content")


def _reply(name: str, said: Said, now: datetime) -> dict[str, str]:
    text = tidy(_text(said, "text"), lines=True).strip()
    sender = squash(tidy(_text(said, "from")))
    taken = engine.take(name, sender=sender, text=text, at=_moment(said, now), now=now)
    return {"outcome": taken.outcome, "why": taken.why}


def _delivered(name: str, said: Said, now: datetime) -> dict[str, str]:
    bounces.delivered(_key(said), at=now)
    return {"outcome": "delivered"}


def _bounced(name: str, said: Said, now: datetime) -> dict[str, str]:
    permanent, code = said.get("permanent"), said.get("code", "")
    if not isinstance(permanent, bool):
        raise Unusable("permanent")
    if not isinstance(code, str):
        raise Unusable("code")
    to = [_text(said, "to")] if "to" in said else []
    bounces.returned(_key(said), permanent=permanent, answer=code, now=now, addresses=to)
    return {"outcome": "bounced"}


KINDS: Final[Mapping[str, Callable[[str, Said, datetime], dict[str, str]]]] = {
    "reply": _reply,
    "delivered": _delivered,
    "bounced": _bounced,
}


def _text(said: Said, name: str) -> str:
    given = said.get(name)
    if not isinstance(given, str):
        raise Unusable(name)
    return given.encode(errors="ignore").decode()  # without halves of characters, which no database takes


def _key(said: Said) -> UUID:
    try:
        return UUID(_text(said, "id"))
    except ValueError:
        raise Unusable("id") from None


def _moment(said: Said, now: datetime) -> datetime:
    """When it was written, or now where that is not said."""
    given = said.get("at")
    if given is None:
        return now
    try:
        at = datetime.fromisoformat(given)
    except (TypeError, ValueError):
        raise Unusable("at") from None
    if at.tzinfo is None or not possible.can_be(at):
        raise Unusable("at")
    return at


def _refusal(status: HTTPStatus, error: str) -> HttpResponse:
    return JsonResponse({"error": error}, status=status)
