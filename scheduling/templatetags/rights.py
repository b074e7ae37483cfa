"""What the account that is signed in may open."""

from typing import Any

from django import template

from accounts.models import User
from scheduling import access

register = template.Library()


@register.filter
def may_open(user: Any, name: str) -> bool:
    """`{% if user|may_open:"desk:book" %}`: whether a link to that page, or a button, works for them.

    `name` is the name of a URL; an unknown one is an error. Strangers may open nothing. A piece that is the
    same for all with the same rights asks these: `{% if rights|may_open("desk:book") %}`.
    """
    if isinstance(user, frozenset):
        return access.opens(user, name)
    return isinstance(user, User) and access.may_open(user, name)
