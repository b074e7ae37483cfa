"""What holds for whoever is signed in: nothing is stored, who is idle is signed out, and their language."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.urls import Resolver404, resolve
from django.utils import timezone, translation
from django.utils.cache import add_never_cache_headers, patch_vary_headers

from accounts import idle, kept, typed
from accounts.models import User
from accounts.who import account_or_none


class NotStoredMiddleware:
    """No browser and no proxy keeps a page of somebody who is signed in, nor one that asks to sign in for it:
    it may carry what was typed. A browser keeps whole pages for its Back button too, unless told not to.

    Goes by the session's cookie, outside of what reads the session: so it holds for the page that says that
    the database is away, too.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        view = getattr(request.resolver_match, "func", None)
        given = response.cookies.get(settings.SESSION_COOKIE_NAME)
        came_with = request.COOKIES.get(settings.SESSION_COOKIE_NAME)
        if came_with or given or getattr(view, "access", None) in kept.PAGES:
            # In place of what a view says: no age to be kept for holds here.
            del response["Cache-Control"]
            del response["Expires"]
            add_never_cache_headers(response)
        if came_with and given is not None and not given.value:
            # Signed out, or the session has ended: what an earlier release let the browser keep goes too.
            response["Clear-Site-Data"] = '"cache"'
        return response


class IdleMiddleware:
    """Signs out who pressed nothing for too long, before anything else looks at who it is."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if idle.is_over(request, now=timezone.now()):
            typed.forget_session(request)
            logout(request)
        response = self.get_response(request)
        if not isinstance(request.user, User):
            if request.COOKIES.get(idle.COOKIE):
                idle.forget(response)
        elif getattr(request, "is_pressed", False):
            idle.remember(request, response, now=timezone.now())
        return response

    def process_view(self, request: HttpRequest, view: Callable[..., Any], *_given: Any) -> None:
        """What a page asks by itself every few seconds is no sign of a person."""
        request.is_pressed = not getattr(view, "is_polled", False)  # type: ignore[attr-defined]


class LanguageMiddleware:
    """What the person chose; else what the browser asks for, where it exists; else LANGUAGE_CODE.

    A page for patients goes by its address ("?language=es") and the browser, whoever looks at it, and so does
    a calendar that a program fetches. Nothing is remembered in a cookie.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        language = _asked(request) or _chosen(request) or translation.get_language_from_request(request)
        with translation.override(language):
            request.LANGUAGE_CODE = language
            response = self.get_response(request)
        patch_vary_headers(response, ("Accept-Language",))
        response.headers.setdefault("Content-Language", language)
        return response


def _asked(request: HttpRequest) -> str:
    """Of the address of a patient's page."""
    language = request.GET.get("language", "")
    is_known = language in dict(settings.LANGUAGES)
    return language if is_known and _is_by_address_alone(request) else ""


def _chosen(request: HttpRequest) -> str:
    account = account_or_none(request)
    if account is None or _is_by_address_alone(request):
        return ""
    return account.language if account.language in dict(settings.LANGUAGES) else ""


def _is_by_address_alone(request: HttpRequest) -> bool:
    try:
        view = resolve(request.path_info).func
    except Resolver404:
        return False
    return getattr(view, "access", None) in {"patient_link", "calendar_token"}
