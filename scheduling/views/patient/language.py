"""The language that a patient chose for a page: in its address, and so in its links."""

from django.conf import settings
from django.http import HttpRequest
from django.utils.http import urlencode
from django.utils.translation import get_language


def kept(request: HttpRequest, **asked: str) -> str:
    """What follows an address so that the next page is in the chosen language too: "?language=es", or ""."""
    chosen = request.GET.get("language", "")
    if chosen in dict(settings.LANGUAGES):
        asked |= {"language": chosen}
    return f"?{urlencode(asked)}" if asked else ""


def others() -> list[tuple[str, str]]:
    """The languages that the page is not in: code, and name in its own words."""
    return [(code, name) for code, name in settings.LANGUAGES if code != get_language()]
