"""What every template may say about the clinic."""

from typing import Any, Final

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest
from django.utils import timezone

from scheduling.queries import attention

COUNT: Final = "attention-count"
KEPT: Final = 60  # seconds: the count stands on every page, and may be a minute old


def clinic(request: HttpRequest) -> dict[str, Any]:
    return {
        "clinic_name": settings.CLINIC_NAME,
        "clinic_phone": settings.CLINIC_PHONE,
        "clinic_address": settings.CLINIC_ADDRESS,
        "attention_count": attention_count,  # asked only where a page shows it
    }


def attention_count() -> int:
    """How much waits to be looked at, for the header; cached, so that pages cost no query for it."""
    return int(cache.get_or_set(COUNT, lambda: attention.count(timezone.now()), KEPT) or 0)


def forget_attention_count() -> None:
    """After something was resolved, so that the next page tells it."""
    cache.delete(COUNT)
