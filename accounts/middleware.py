"""In which language an answer is given."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import Resolver404, resolve
from django.utils import translation
from django.utils.cache import patch_vary_headers

from accounts.who import account_or_none


class LanguageMiddleware:
    """What the person chose; else what the browser asks for, where it exists; else LANGUAGE_CODE.

    A page for patients goes by the browser alone, whoever looks at it. Nothing is remembered in a cookie.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        language = _chosen(request) or translation.get_language_from_request(request)
        with translation.override(language):
            request.LANGUAGE_CODE = language
            response = self.get_response(request)
        patch_vary_headers(response, ("Accept-Language",))
        response.headers.setdefault("Content-Language", language)
        return response


def _chosen(request: HttpRequest) -> str:
    account = account_or_none(request)
    if account is None or _is_for_patients(request):
        return ""
    return account.language if account.language in dict(settings.LANGUAGES) else ""


def _is_for_patients(request: HttpRequest) -> bool:
    try:
        view = resolve(request.path_info).func
    except Resolver404:
        return False
    return getattr(view, "access", None) == "patient_link"
