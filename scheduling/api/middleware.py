"""What every answer under /api/ has, whoever made it: no HTML, nothing for caches, what the key has left."""

from collections.abc import Callable
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.cache import add_never_cache_headers

from accounts.api_keys import Admission
from scheduling.api import problems

PREFIX: Final = "/api/"
OF_THE_CONTENT: Final = ("Content-Encoding", "Content-Length", "ETag", "Last-Modified")


def is_api(path: str) -> bool:
    """Whether a program asks: what is refused at this path is a problem in JSON."""
    return f"{path}/".startswith(PREFIX)


class ApiMiddleware:
    """Outside of all that may refuse a request: what Django, a package or another middleware would answer as
    a page becomes a problem in JSON, with the headers that the others gave it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not is_api(request.path_info):
            return self.get_response(request)
        is_head = request.method == "HEAD"
        if is_head:
            request.method = "GET"  # answered as that, without its content (RFC 9110, 9.3.2)
        # Django would take a body without its length for an empty one, and speak of fields that are missing.
        unmeasured = "HTTP_TRANSFER_ENCODING" in request.META and not request.META.get("CONTENT_LENGTH")
        response = HttpResponse(status=411) if unmeasured else self.get_response(request)
        if request.method != "GET" and 300 <= response.status_code < 400:
            # Sent on to https, most programs ask again by GET: a list with 200 would look like a booking.
            response.status_code = 404
            del response["Location"]
        if response.status_code >= 400 and not _is_problem(response):
            _make_a_problem(request, response)
        add_never_cache_headers(response)
        response.setdefault("X-Content-Type-Options", "nosniff")  # even where nothing further in had its turn
        if response.status_code == 405:
            _allow_head(response)
        admission = getattr(request, "admission", None)
        if admission is not None:
            _tell_what_is_left(response, admission)
        response.setdefault("Content-Length", str(len(response.content)))  # not in chunks, whoever made it
        if is_head:
            response.content = b""
        return response


def _is_problem(response: HttpResponse) -> bool:
    return response.get("Content-Type", "").startswith(problems.MEDIA_TYPE)


def _make_a_problem(request: HttpRequest, response: HttpResponse) -> None:
    language = translation.get_language_from_request(request)
    with translation.override(language):
        problem = problems.response(response.status_code)
    for name in OF_THE_CONTENT:
        del response[name]
    response.content = problem.content
    response["Content-Type"] = problem["Content-Type"]
    response["Content-Language"] = language


def _allow_head(response: HttpResponse) -> None:
    """Wherever GET is taken."""
    methods = [name.strip() for name in response.get("Allow", "").split(",")]
    if "GET" in methods and "HEAD" not in methods:
        response["Allow"] = ", ".join([*methods, "HEAD"])


def _tell_what_is_left(response: HttpResponse, admission: Admission) -> None:
    """As the IETF's draft "RateLimit header fields for HTTP" has it since its version 8 (the last two), and
    before (what most clients read)."""
    name = admission.key.scope
    response["RateLimit-Limit"] = str(admission.limit)
    response["RateLimit-Remaining"] = str(admission.remaining)
    response["RateLimit-Reset"] = str(admission.resets_in)
    response["RateLimit-Policy"] = f'"{name}";q={admission.limit};w=60'
    response["RateLimit"] = f'"{name}";r={admission.remaining};t={admission.resets_in}'
