"""A name for each request, in its answer and in each line of the log that it causes."""

import logging
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, Final
from uuid import uuid4

from django.http import HttpRequest, HttpResponse

from accounts.addresses import is_told_by_a_proxy

HEADER: Final = "X-Request-ID"
GIVEN: Final = "clinic.request_id"  # in a request's META; no header can write there
WELL_FORMED: Final = re.compile(r"[A-Za-z0-9._-]{8,64}")
HYPHENATED: Final = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)

_current: ContextVar[str | None] = ContextVar("request_id", default=None)


def chosen(meta: Mapping[str, Any]) -> str:
    """The proxy's, where a proxy of ours asks, or a new one."""
    told = str(meta.get("HTTP_X_REQUEST_ID", ""))
    if not WELL_FORMED.fullmatch(told) or not is_told_by_a_proxy(meta):
        return uuid4().hex
    # With hyphens it would look like the identity of a visit, which no line of the log names.
    return told.replace("-", "") if HYPHENATED.fullmatch(told) else told


@contextmanager
def serving(request_id: str) -> Iterator[None]:
    """Lines of the log that are written meanwhile, by this thread, carry it."""
    token = _current.set(request_id)
    try:
        yield
    finally:
        _current.reset(token)


def current() -> str | None:
    return _current.get()


def id_of_record(record: logging.LogRecord) -> str | None:
    """Of the request that a line is about: some of Django's are written when all middleware is left."""
    meta = getattr(getattr(record, "request", None), "META", None)
    return _current.get() or (meta.get(GIVEN) if isinstance(meta, dict) else None)


class RequestIdMiddleware:
    """First of all. Under gunicorn `outermost` has chosen already."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request_id = request.META.setdefault(GIVEN, chosen(request.META))
        with serving(request_id):
            response = self.get_response(request)
        response.headers[HEADER] = request_id
        return response
