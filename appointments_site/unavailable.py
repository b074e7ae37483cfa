"""What people and programs are told while the database cannot serve: 503, quickly, in their language."""

import logging
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Final

from django.conf import settings
from django.core.exceptions import BadRequest
from django.db import Error, connection
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.urls import Resolver404, resolve
from django.utils import translation
from django.utils.cache import add_never_cache_headers, patch_vary_headers
from django.utils.http import escape_leading_slashes
from django.utils.translation import gettext as _

from accounts.kept import Kept, page_before
from appointments_site import database
from appointments_site.worker import QUEUED_AT
from scheduling import metrics
from scheduling.api import problems
from scheduling.api.middleware import is_api
from scheduling.api.schemas.base import Reason as ProblemReason
from scheduling.database import deadline, outages
from scheduling.database.breaker import breaker, note
from scheduling.database.deadline import DeadlineOver, Serving
from scheduling.database.journal import journal
from scheduling.database.outages import Reason

RETRY_AFTER: Final = 5  # seconds
FIRST_PAUSE: Final = 0.05  # seconds; doubles
LONGEST_PAUSE: Final = 0.5
SAFE: Final = frozenset({"GET", "HEAD", "OPTIONS"})
ALIVE: Final = "/healthz"
# Asked also while it is known to be away: they say so.
TELLING: Final = frozenset({"/readyz", "/metrics"})

logger = logging.getLogger(__name__)


class UnavailableMiddleware:
    """Gives each request its deadline; asks again what only reads and lost its connection; says 503.

    Outside of the session: what it answers itself needs no database.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path_info == ALIVE:
            return self.get_response(request)
        refused = None if request.path_info in TELLING else breaker.refusal(writes=request.method not in SAFE)
        if refused is not None:
            _tell(refused, "requests are refused until it is back")
            return unavailable(request, may_be_done=False)
        began = request.META.get(QUEUED_AT, time.monotonic())
        with deadline.within(settings.REQUEST_DEADLINE, began) as serving:
            response = self._served(request, serving)
            if serving.in_database:
                metrics.waited_for_the_database(serving.in_database)
            if serving.met is None:
                return response
            reason = _reason(serving.met)
            _tell(reason, database.reason(serving.met, settings.DATABASES["default"]))
            return unavailable(request, may_be_done=serving.may_have_written)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Of a view."""
        return ended_by(error)

    def _served(self, request: HttpRequest, serving: Serving) -> HttpResponse:
        pause = FIRST_PAUSE
        while True:
            response = self.get_response(request)
            if serving.met is None or not _may_be_asked_again(request, serving.met):
                return response
            serving.met = None
            connection.close()
            time.sleep(pause)
            pause = min(2 * pause, LONGEST_PAUSE)


def _reason(error: Exception) -> Reason:
    """A request that ran out of time met what others do."""
    if isinstance(error, DeadlineOver):
        known = breaker.refusal(writes=True) or journal.lasts(time.monotonic())
        return known or error.reason
    return outages.reason(error, deadline.waited()) or Reason.AWAY


def _may_be_asked_again(request: HttpRequest, error: Exception) -> bool:
    return (
        request.method in SAFE
        and outages.is_lost(error)
        and deadline.allows_another()
        and breaker.refusal(writes=False) is None
    )


def ended_by(error: BaseException | None) -> HttpResponse | None:
    """A stand-in for the answer, where an outage ended this attempt at a request; else None."""
    serving = deadline.serving()
    found = _outage_behind(error)
    if serving is None or found is None:
        return None
    if serving.met is None:
        serving.met = (serving.last or found) if isinstance(found, DeadlineOver) else found
        note(found, serving)
        if not connection.in_atomic_block:
            with suppress(Error):
                connection.close()  # whatever it waits for, nobody wants it any more
    response = HttpResponse(status=503)
    response._has_been_logged = True  # type: ignore[attr-defined]  # one line a minute is ours
    return response


def _outage_behind(error: BaseException | None) -> Exception | None:
    """The error itself, or the one that Django's session turned into "deleted before the request"."""
    while error is not None:
        if isinstance(error, Error):
            return error if outages.reason(error) else None
        error = error.__cause__ or error.__context__
    return None


def of_what_is_handled() -> HttpResponse | None:
    """For the handlers of 400 and 500, which are called while the error is handled."""
    return ended_by(sys.exc_info()[1])


def _tell(reason: Reason, said: str) -> None:
    metrics.could_not_serve(reason)
    if journal.met(reason, time.monotonic()):
        logger.error("The database cannot serve, %s: %s", reason, said)


def unavailable(request: HttpRequest, *, may_be_done: bool) -> HttpResponse:
    """503; `may_be_done` where it may have been done all the same."""
    chosen = getattr(request, "LANGUAGE_CODE", None)
    language = chosen or translation.get_language_from_request(request)
    with translation.override(language):
        response = _for_programs(may_be_done) if is_api(request.path_info) else _page(request, may_be_done)
    response["Retry-After"] = str(RETRY_AFTER)
    response["Content-Language"] = language
    patch_vary_headers(response, ("Accept-Language",))
    add_never_cache_headers(response)
    response._has_been_logged = True  # type: ignore[attr-defined]
    return response


def _page(request: HttpRequest, may_be_done: bool) -> HttpResponse:
    typed = _typed(request)
    shown = {
        "wrote": request.method not in SAFE,
        "may_be_done": may_be_done,
        "typed": typed,
        # Where it can be asked for again: what was asked for, or the page of the form that was sent.
        "page": _asked_for(request) if request.method in SAFE else page_before(request),
        # The one that came with it: nothing here can make another, outside of what reads cookies.
        "token": request.POST.get("csrfmiddlewaretoken", "") if typed else "",
    }
    return HttpResponse(render_to_string("errors/unavailable.html", shown), status=503)


def _asked_for(request: HttpRequest) -> str:
    return escape_leading_slashes(request.get_full_path())


def _typed(request: HttpRequest) -> Kept | None:
    """The form that was posted, for the page to carry: it is sent again by one press, as it was."""
    try:
        request.resolver_match = request.resolver_match or resolve(request.path_info)
        return None if request.headers.get("HX-Request") else Kept.of(request)
    except (Resolver404, BadRequest, OSError):  # an address of nothing; a body that cannot be read
        return None


def _for_programs(may_be_done: bool) -> HttpResponse:
    if not may_be_done:
        return problems.response(503)
    message = _(
        "The appointment book does not answer at the moment, and it is not certain whether this was done. "
        "Send the same request again after the seconds of Retry-After: with a uuid of yours it is done once."
    )
    return problems.response(503, [ProblemReason(code="service_unavailable", message=message)])
