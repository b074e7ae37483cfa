"""A piece of a page that repeats often, rendered by Jinja2 (`appointments_site.jinja` has the rule)."""

from typing import Final

from django import template
from django.template import engines
from django.template.context import Context
from django.utils.safestring import SafeString, mark_safe

register = template.Library()

ENGINE: Final = "jinja2"


@register.simple_tag(takes_context=True)
def include_jinja(context: Context, name: str) -> SafeString:
    """`{% include_jinja "desk/board/columns.html" %}`: a file of `templates/jinja`, in the page's context."""
    piece = engines[ENGINE].get_template(name)
    given = {str(name): value for name, value in context.flatten().items()}
    return mark_safe(piece.render(given))  # noqa: S308  (Jinja2 has escaped it)
