"""What a page says about its own session."""

from typing import Any

from django import template
from django.utils import timezone

from accounts import idle

register = template.Library()


@register.simple_tag(takes_context=True)
def seconds_left(context: dict[str, Any]) -> idle.Left:
    """What is left of the session after this page was asked for."""
    return idle.left(context["request"], now=timezone.now(), is_pressed=True)
