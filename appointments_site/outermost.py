"""Around everything: what even Django's own handlers fail at is answered in one line, and logged in one."""

import codecs
import logging
import re
import time
from collections.abc import Callable, Iterable
from typing import Any, Final, TypeAlias

from django.core.exceptions import BadRequest, SuspiciousOperation
from django.http.multipartparser import MultiPartParserError

from appointments_site import request_ids
from scheduling import metrics
from scheduling.api import problems
from scheduling.api.middleware import is_api

Environ: TypeAlias = dict[str, Any]
Application: TypeAlias = Callable[[Environ, Callable[..., Any]], Iterable[bytes]]

# Of what cannot be decoded, looked up or parsed, the request is the only source before a view has its turn.
UNREADABLE: Final = (
    BadRequest,
    SuspiciousOperation,
    MultiPartParserError,
    UnicodeError,
    LookupError,
    ValueError,
)
LINES: Final = {400: "400 Bad Request", 500: "500 Internal Server Error"}

CHARSET: Final = re.compile(r"charset\s*=\s*[\"']?([^;\"'\s]*)", re.IGNORECASE)

logger = logging.getLogger(__name__)


def refusing(application: Application) -> Application:
    """The application, which then raises nothing."""

    def run(environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        request_id = environ[request_ids.GIVEN] = request_ids.chosen(environ)
        with request_ids.serving(request_id):
            return answered(environ, start_response)

    def answered(environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        began = time.monotonic()
        for_program = is_api(environ.get("PATH_INFO", ""))
        try:
            # Of a charset the API has an answer of its own.
            if has_length(environ) and (for_program or can_be_decoded(environ.get("CONTENT_TYPE", ""))):
                return application(environ, start_response)
            status = 400
        except Exception as error:
            if isinstance(error, UNREADABLE):
                logger.warning("A request could not be read: %s", type(error).__name__)
                status = 400
            else:
                logger.exception("A request could not be answered")
                status = 500
        metrics.answered("none", environ.get("REQUEST_METHOD"), status, time.monotonic() - began)
        kind, body = _said(status, for_program=for_program)
        headers = [("Content-Type", kind), ("Content-Length", str(len(body))), ("Cache-Control", "no-store")]
        headers += [("X-Content-Type-Options", "nosniff"), (request_ids.HEADER, environ[request_ids.GIVEN])]
        start_response(LINES[status], headers)
        return [body]

    return run


def has_length(environ: Environ) -> bool:
    """Whether the length of the body, if it is told, is a number."""
    length = environ.get("CONTENT_LENGTH") or "0"
    return bool(length.isascii() and length.isdecimal())


def can_be_decoded(content_type: str) -> bool:
    """Whether the charset of this header, if it names one, is of texts: base64 is known to Python, too."""
    found = CHARSET.search(content_type)
    if found is None:
        return True
    try:
        return codecs.lookup(found[1])._is_text_encoding
    except (LookupError, ValueError):  # unknown; with a NUL in it
        return False


def _said(status: int, *, for_program: bool) -> tuple[str, bytes]:
    if for_program:
        return problems.MEDIA_TYPE, problems.response(status).content
    return "text/plain; charset=utf-8", f"{LINES[status]}\n".encode()
