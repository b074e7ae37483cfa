"""Answers to 400, 403 and 500 that cannot fail in their turn, whatever it was that failed."""

import sys
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string

from appointments_site import unavailable

PLAIN: Final = "text/plain; charset=utf-8"


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """What could not be read; or 503, where it is an outage that says so."""
    return unavailable.of_what_is_handled() or _bare("400.html", 400)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """In the frame of whoever is signed in, where that can be found out."""
    try:
        return render(request, "403.html", status=403)
    except Exception:
        return _bare("errors/forbidden.html", 403)


def server_error(request: HttpRequest) -> HttpResponse:
    """A fault of ours; or 503, where it is an outage."""
    if _cannot_be_decoded(sys.exc_info()[1]):
        return _bare("400.html", 400)
    return unavailable.of_what_is_handled() or _bare("500.html", 500)


def _cannot_be_decoded(error: BaseException | None) -> bool:
    """Python's word for a charset that is none, which only a request can have brought."""
    return isinstance(error, LookupError) and "encoding" in str(error)


def _bare(template: str, status: int) -> HttpResponse:
    try:
        return HttpResponse(render_to_string(template), status=status)
    except Exception:
        return HttpResponse(f"{status}\n", status=status, content_type=PLAIN)
