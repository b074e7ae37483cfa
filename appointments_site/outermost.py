"""Around everything: what even Django's own handlers fail at is answered in one line, and logged in one."""

import codecs
import logging
import re
from collections.abc import Callable, Iterable
from typing import Any, Final, TypeAlias

from django.core.exceptions import BadRequest, SuspiciousOperation
from django.http.multipartparser import MultiPartParserError

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
        kind, body = _said(status, for_program=for_program)
        headers = [("Content-Type", kind), ("Content-Length", str(len(body))), ("Cache-Control", "no-store")]
        start_response(LINES[status], [*headers, ("X-Content-Type-Options", "nosniff")])
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
