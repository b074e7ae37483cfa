"""Pages for what went wrong, in plain words and without details."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import add_never_cache_headers


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form older than the sign-in, or one without cookies: nothing was saved."""
    return render(request, "errors/form_expired.html", status=403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """The same for an address that does not exist and for one that this person may not see."""
    response = render(request, "404.html", status=404)
    # What is unknown today may exist tomorrow, and a 404 may be kept by caches unless it says otherwise.
    add_never_cache_headers(response)
    return response
