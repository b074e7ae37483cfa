"""Texts that are kept to the letter, as the old book had them, and how they are shown."""

from django import template

from scheduling.matching.characters import clean

register = template.Library()


@register.filter
def seen(text: str) -> str:
    """Without what nobody sees: a mark of direction would turn the rest of the line around."""
    return clean(text, lines=True)
