"""Conditions of signing in that Django's checks watch over."""

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Tags, Warning, register


@register(Tags.security, deploy=True)
def proxies_are_known(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """Behind a proxy that isn't known, all requests come from one address: the proxy's."""
    if getattr(settings, "SECURE_PROXY_SSL_HEADER", None) is None or settings.TRUSTED_PROXIES:
        return []
    return [
        Warning(
            "BEHIND_TLS_PROXY is on, TRUSTED_PROXIES is empty: anybody's wrong passwords count for all.",
            hint="Set TRUSTED_PROXIES to the number of proxies or to their networks.",
            id="accounts.W001",
        )
    ]
