"""What every template may say about the clinic."""

from typing import Any, Final
from urllib.parse import urlencode

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest
from django.utils import timezone

from scheduling.booking import stranding
from scheduling.notices import watching
from scheduling.queries import attention

COUNT: Final = "attention-count"
KEPT: Final = 60  # seconds: the count stands on every page, and may be a minute old
OUTSIDE: Final = "attention-outside"
# Looking for visits outside hours reads every visit to come: 0.2 s for ten thousand. It is known at once
# after a change of hours and wherever the list itself is shown.
KEPT_OUTSIDE: Final = 600


def clinic(request: HttpRequest) -> dict[str, Any]:
    return {
        "clinic_name": settings.CLINIC_NAME,
        "clinic_phone": settings.CLINIC_PHONE,
        "clinic_address": settings.CLINIC_ADDRESS,
        "clinic_map_url": map_of_the_clinic,  # asked only where a page shows it
        "version": settings.VERSION,
        "attention_count": attention_count,  # asked only where a page shows it
        "messages_wait": watching.trouble,  # likewise
    }


def map_of_the_clinic() -> str:
    """Where a map of the clinic is; "" where nobody said where the clinic is. Only ever a link."""
    if settings.CLINIC_MAP_URL or not settings.CLINIC_ADDRESS:
        return str(settings.CLINIC_MAP_URL)
    return f"https://www.openstreetmap.org/search?{urlencode({'query': settings.CLINIC_ADDRESS})}"


def attention_count() -> int:
    """How much waits to be looked at, for the header; cached, so that pages cost no query for it."""
    return int(cache.get_or_set(COUNT, _count, KEPT) or 0)


def _count() -> int:
    now = timezone.now()
    outside = cache.get_or_set(OUTSIDE, lambda: len(stranding.left_outside(now=now)), KEPT_OUTSIDE)
    return attention.count(now) + int(outside or 0)


def remember_outside(count: int) -> None:
    """How many visits stand outside hours, by a page that looked."""
    if cache.get(OUTSIDE) != count:
        cache.set(OUTSIDE, count, KEPT_OUTSIDE)
        cache.delete(COUNT)


def forget_attention_count() -> None:
    """After something was resolved or hours were changed, so that the next page tells it."""
    cache.delete_many([COUNT, OUTSIDE])
