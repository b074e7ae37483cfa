"""What every answer passes through, besides what Django and packages bring."""

import time
from collections.abc import Callable

from csp.constants import HEADER
from csp.utils import build_policy
from django.conf import settings
from django.core.exceptions import MiddlewareNotUsed
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware

from appointments_site.worker import QUEUED_AT
from scheduling import metrics
from scheduling.views import errors


class CompressionMiddleware(GZipMiddleware):
    """Django's; what carries an ETag travels as it is. Compressed, it would carry a weak one, and a program
    that sends that back in `If-Match` would never be right."""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        return response if "ETag" in response else super().process_response(request, response)


# What a page may ask of the computer: nothing that this product uses. Only names that Chromium knows, which
# complains about others; a word for passkeys is missing here on the day there are some.
POWERS = (
    "accelerometer autoplay camera clipboard-read compute-pressure display-capture encrypted-media fullscreen"
    " gamepad geolocation gyroscope hid identity-credentials-get idle-detection keyboard-map local-fonts"
    " magnetometer microphone midi otp-credentials payment picture-in-picture publickey-credentials-create"
    " publickey-credentials-get screen-wake-lock serial storage-access usb window-management"
    " xr-spatial-tracking"
)


class PermissionsPolicyMiddleware:
    """No page, and nothing that slipped into one, uses a camera, a place, a device."""

    policy = ", ".join(f"{power}=()" for power in POWERS.split())

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Permissions-Policy", self.policy)
        return response


class ContentPolicyMiddleware:
    """What a page may load: the same for each of them, so django-csp words it once, not twice a request.

    With DEBUG on, Django's own pages about an error are left alone: they need what no page of ours does.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.policy: str = build_policy()

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if not (settings.DEBUG and response.status_code in (404, 500)):
            response.headers.setdefault(HEADER, self.policy)
        return response


class CountingMiddleware:
    """Requests by the name of their page, and how long they took."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        began, method = request.META.get(QUEUED_AT, time.monotonic()), request.method
        response = self.get_response(request)
        metrics.answered(_page(request), method, response.status_code, time.monotonic() - began)
        return response


def _page(request: HttpRequest) -> str:
    if request.resolver_match is not None:
        return request.resolver_match.view_name
    return "static" if request.path_info.startswith(settings.STATIC_URL) else "none"


class PlainNotFoundMiddleware:
    """With DEBUG on, Django answers an unknown address with its list of every URL pattern. Whoever tries the
    product with `make run` sees our own page instead; the patterns are in `appointments_site/urls.py`.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        if not settings.DEBUG:
            raise MiddlewareNotUsed
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        technical = response.status_code == 404 and response.get("Content-Type", "").startswith("text/html")
        return errors.not_found(request) if technical else response
