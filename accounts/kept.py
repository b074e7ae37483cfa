"""What was typed survives the end of a session.

A form that is sent without a session is answered with the sign-in page, which carries what was posted:
signed, for an hour, up to a size, in a hidden field. It is nowhere else: not in an address, a log, a session.
After signing in, the page of the form is shown again, filled in, for the person to check and send; nothing is
written by that.

Whoever signs in may get it, if their role opens the page. It was typed in this very browser and stands on its
screen, so binding it to a person would protect nobody and lose the text at a desk that people share; a page
of another role answers as if it did not exist, with nothing of the text.
"""

import copy
from contextlib import suppress
from dataclasses import dataclass
from typing import Final, Self
from urllib.parse import urlsplit

from django.core import signing
from django.core.exceptions import DisallowedHost
from django.http import HttpRequest, HttpResponse, QueryDict
from django.template.response import SimpleTemplateResponse
from django.urls import Resolver404, ResolverMatch, resolve, reverse
from django.utils.http import escape_leading_slashes, url_has_allowed_host_and_scheme

from accounts import refill
from accounts.form_fields import Fields, as_posted, fields_of

SALT: Final = "accounts.kept"
SECONDS: Final = 3600
MOST_BYTES: Final = 64 * 1024  # of the signed text
PAGES: Final = frozenset({"staff", "signed_in"})  # marks of access of pages that people sign in for


@dataclass(frozen=True)
class Kept:
    path: str  # where it was sent
    page: str  # where the form stood, with its query
    fields: Fields

    @classmethod
    def of(cls, request: HttpRequest) -> Self | None:
        """What this request posts, where it is worth keeping."""
        match = request.resolver_match
        if request.method != "POST" or match is None or getattr(match.func, "access", None) not in PAGES:
            return None
        return cls(request.path, page_before(request), fields_of(request.POST))

    def packed(self) -> str:
        """Signed text for a hidden field; empty where it would be too long."""
        text = signing.dumps([self.path, self.page, self.fields], salt=SALT, compress=True)
        return text if len(text) <= MOST_BYTES else ""

    @classmethod
    def read(cls, text: str) -> Self | None:
        try:
            path, page, fields = signing.loads(text, salt=SALT, max_age=SECONDS)
        except signing.BadSignature:
            return None
        return cls(path, page, [(name, list(values)) for name, values in fields])

    @property
    def posted(self) -> QueryDict:
        return as_posted(self.fields)


def page_before(request: HttpRequest) -> str:
    """The local address of the page with the form: browsers name it in full to the site itself. Without that,
    where it was sent to."""
    referer = request.headers.get("Referer", "")
    with suppress(DisallowedHost):
        if url_has_allowed_host_and_scheme(referer, {request.get_host()}):
            parts = urlsplit(referer)
            return escape_leading_slashes(f"{parts.path}?{parts.query}" if parts.query else parts.path)
    return escape_leading_slashes(request.path)


def shown_again(request: HttpRequest, kept: Kept) -> HttpResponse | None:
    """The page of the form with everything typed, for whoever is signed in now; None where there is none."""
    target = _found(kept.path)
    name = getattr(target and target.func, "filled_again_by", None)
    if target and name:  # a page that fills its own form from what is posted to it, and saves nothing
        return _ask(request, reverse(name, kwargs=target.kwargs), kept.posted)
    for address in (kept.page, kept.path):
        response = _ask(request, address)
        if response is not None and response.status_code == 200:
            page = refill.filled(response.content.decode(), kept.path, dict(kept.fields), here=address)
            response.content = page.encode()
            return response
    return None


def _found(path: str) -> ResolverMatch | None:
    try:
        return resolve(path)
    except Resolver404:
        return None


def _ask(request: HttpRequest, address: str, posted: QueryDict | None = None) -> HttpResponse | None:
    """The answer of one of our own pages to the person who has just signed in, access mark and all."""
    parts = urlsplit(address)
    match = _found(parts.path)
    if match is None or getattr(match.func, "access", None) not in PAGES:
        return None
    method = "GET" if posted is None else "POST"
    inner = copy.copy(request)
    inner.method, inner.path, inner.path_info = method, parts.path, parts.path
    inner.META = {
        **request.META,
        "PATH_INFO": parts.path,
        "QUERY_STRING": parts.query,
        "REQUEST_METHOD": method,
    }
    inner.GET = QueryDict(parts.query)
    inner._post, inner._files = posted or QueryDict(), {}  # type: ignore[attr-defined]
    inner.resolver_match = match
    inner.is_shown_again = True  # type: ignore[attr-defined]  # base.html says so on top
    response: HttpResponse = match.func(inner, *match.args, **match.kwargs)
    if isinstance(response, SimpleTemplateResponse):
        response.render()  # as the handler would: a class-based page comes unrendered
    return response
