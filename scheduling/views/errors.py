"""Pages for what went wrong, in plain words and without details."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import Resolver404, ResolverMatch, resolve
from django.utils.cache import add_never_cache_headers

from accounts.kept import Kept, page_before
from accounts.views import show_again, sign_in_again
from accounts.who import account_or_none


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form older than the sign-in, or one without cookies: nothing was saved.

    Where the browser vouches that it came from one of our own pages, it is shown again, filled in.
    """
    if request.headers.get("Sec-Fetch-Site") == "same-origin" and not request.headers.get("HX-Request"):
        request.resolver_match = _match(request.path_info)
        typed = Kept.of(request)
        if typed and account_or_none(request):
            again = show_again(request, typed)
            if again is not None:
                return again
        elif typed:
            return sign_in_again(request)
    return render(request, "errors/form_expired.html", {"page": page_before(request)}, status=403)


def _match(path: str) -> ResolverMatch | None:
    try:
        return resolve(path)
    except Resolver404:
        return None


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """The same for an address that does not exist and for one that this person may not see."""
    response = render(request, "404.html", status=404)
    # What is unknown today may exist tomorrow, and a 404 may be kept by caches unless it says otherwise.
    add_never_cache_headers(response)
    return response
