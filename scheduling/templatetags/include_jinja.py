"""A piece of a page that repeats often, rendered by Jinja2 (`appointments_site.jinja` has the rule)."""

from functools import lru_cache
from typing import Any, Final

from django import template
from django.conf import settings
from django.template import engines
from django.template.context import Context
from django.urls import get_script_prefix
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from accounts.models import User
from scheduling.booking.rights import rights_of

register = template.Library()

ENGINE: Final = "jinja2"
MOST_KEPT: Final = 256  # pieces: a few, for each set of rights and language


@register.simple_tag(takes_context=True)
def include_jinja(context: Context, name: str) -> SafeString:
    """`{% include_jinja "desk/find/starts.html" %}`: a file of `templates/jinja`, in the page's context."""
    given = {str(name): value for name, value in context.flatten().items()}
    return _rendered(name, given)


@register.simple_tag(takes_context=True)
def include_constant(context: Context, name: str, **given: Any) -> SafeString:
    """`{% include_constant "components/keys.html" %}`: one that says the same on every page to everybody
    with the same language and `rights`. It has nothing else of the page's context: it is rendered once."""
    user = context.get("user")
    rights = rights_of(user if isinstance(user, User) else None)
    # Who works on a template sees what they changed.
    render = _constant.__wrapped__ if settings.DEBUG else _constant
    return render(name, rights, tuple(given.items()), get_language(), get_script_prefix())


@lru_cache(maxsize=MOST_KEPT)
def _constant(
    name: str, rights: frozenset[str], given: tuple[tuple[str, Any], ...], _language: str | None, _prefix: str
) -> SafeString:
    return _rendered(name, {**dict(given), "rights": rights})


def _rendered(name: str, given: dict[str, Any]) -> SafeString:
    # Django's backend would make a token against forged requests for each piece; the page has made one.
    piece: Any = engines[ENGINE].get_template(name)
    return SafeString(piece.template.render(given))  # Jinja2 has escaped it
