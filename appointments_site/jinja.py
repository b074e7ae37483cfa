"""The second template language, Jinja2, for what repeats on a page by the dozen.

The rule: a page is a Django template. What stands on it as often as the clinic has visits or patients (the
columns of a board, the rows of the register, the starts that were found) is one file in `templates/jinja`,
which the page puts in with `{% include_jinja %}`. So is what every page has (the header, the list of keys) or
a form has ten times: its fields. Their inputs are single elements, and written without a template
(`form_inputs`). Nothing is written in both.
"""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any, Final

from django.conf import settings
from django.forms import renderers
from django.http import HttpRequest
from django.template import engines
from django.templatetags.static import static
from django.urls import get_script_prefix, get_urlconf, reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import get_language, gettext, ngettext, npgettext, pgettext
from jinja2 import Environment, StrictUndefined

from accounts import idle
from appointments_site import form_inputs
from scheduling.addresses import addresses
from scheduling.templatetags import clinic, rights
from scheduling.templatetags.include_jinja import ENGINE

# The same names as in Django's templates.
FILTERS: Final[Mapping[str, Any]] = {
    "born": clinic.born,
    "born_brief": clinic.born_brief,
    "brief_date": clinic.brief_date,
    "capfirst": capfirst,
    "clock": clinic.clock,
    "control": clinic.control,
    "full_date": clinic.full_date,
    "may_open": rights.may_open,
    "long_date": clinic.long_date,
    "moment": clinic.moment,
    "month_name": clinic.month_name,
    "phone": clinic.phone,
    "short_date": clinic.short_date,
}
MOST_KEPT: Final = 1024  # texts of our templates, in each language
INPUTS: Final = "django/forms/widgets/"
OWN: Final[Mapping[str, str]] = {
    "django/forms/field.html": "components/field.html",
}


def environment(**options: Any) -> Environment:
    """As Django asks for it, but that a name that was not given is an error and not an empty place."""
    jinja = Environment(
        loader=options["loader"],
        auto_reload=options["auto_reload"],
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    jinja.policies["ext.i18n.trimmed"] = True
    jinja.install_gettext_callables(  # type: ignore[attr-defined]  # the extension's
        gettext, ngettext, newstyle=True, pgettext=pgettext, npgettext=npgettext
    )
    jinja.globals |= GLOBALS
    jinja.filters |= FILTERS
    return jinja


def address(name: str, args: Sequence[Any] = ()) -> str:
    """`{{ url("desk:book") }}`: what has no values is looked up once."""
    if args:
        return reverse(name, args=args)
    return _address(name, get_script_prefix(), get_urlconf() or settings.ROOT_URLCONF)


@lru_cache(maxsize=MOST_KEPT)
def _address(name: str, _prefix: str, urlconf: str) -> str:
    return reverse(name, urlconf)


def said(text: str) -> SafeString:
    """`{{ _("Name") }}`, which stands in no need of values: the extension's own is made for those, and takes
    four calls more."""
    return SafeString(_said(get_language(), text))


@lru_cache(maxsize=MOST_KEPT)
def _said(_language: str | None, text: str) -> str:
    return gettext(text)


def seconds_left(request: HttpRequest) -> idle.Left:
    """What is left of a session after this page was asked for."""
    return idle.left(request, now=timezone.now(), is_pressed=True)


GLOBALS: Final[Mapping[str, Any]] = {
    "_": said,
    "addresses": addresses,
    "seconds_left": seconds_left,
    "static": static,
    "url": address,
}


class FormRenderer(renderers.TemplatesSetting):
    """Forms in Jinja2: our own files where we have them, else the inputs that Django ships, of which those
    that we use are written without a template."""

    def __init__(self) -> None:
        self._inputs = renderers.Jinja2()

    def render(self, template_name: str, context: dict[str, Any], request: HttpRequest | None = None) -> str:
        html = form_inputs.written(template_name, context)
        return super().render(template_name, context, request) if html is None else html

    def get_template(self, template_name: str) -> Any:
        if template_name in OWN:
            return engines[ENGINE].get_template(OWN[template_name])
        if template_name.startswith(INPUTS):
            return self._inputs.get_template(template_name)
        return super().get_template(template_name)
