"""What a record says of a person, in words."""

from collections.abc import Iterable

from django import template
from django.utils.translation import gettext, pgettext

from scheduling.matching.likeness import Likeness
from scheduling.models.people import ContactBy

register = template.Library()


@register.filter
def in_common(likenesses: Iterable[Likeness]) -> str:
    """In common: name, birth date, phone."""
    words = {
        Likeness.NAME: pgettext("in common", "name"),
        Likeness.SIMILAR_NAME: pgettext("in common", "a similar name"),
        Likeness.FIRST_NAME: pgettext("in common", "first name"),
        Likeness.BIRTH_DATE: pgettext("in common", "birth date"),
        Likeness.PHONE: pgettext("in common", "phone"),
    }
    return gettext("In common: %(what)s.") % {"what": ", ".join(words[each] for each in likenesses)}


@register.filter
def consent_as_text(value: bool | None) -> str:
    """Of a record's consent to messages: agreed, does not want any, not asked yet"""
    if value is None:
        return gettext("not asked yet")
    return gettext("agreed") if value else gettext("does not want any")


@register.filter
def contact_by_as_text(value: str) -> str:
    """How a patient wants to be written to: e-mail, text message, or whichever the clinic can"""
    return str(ContactBy(value).label) if value else gettext("whichever the clinic can")


@register.filter
def reminders_as_text(value: bool) -> str:
    """Of a record: wanted, not wanted"""
    return gettext("wanted") if value else gettext("not wanted")
