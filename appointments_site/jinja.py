"""The second template language, Jinja2, for what repeats on a page by the dozen.

The rule: a page is a Django template. What stands on it as often as the clinic has visits or patients (the
columns of a board, the rows of the register, the starts that were found) is one file in `templates/jinja`,
which the page puts in with `{% include_jinja %}`; so are the inputs of forms, for which Django ships Jinja2
templates of its own. Nothing is written in both.
"""

from collections.abc import Mapping
from typing import Any, Final

from django.forms import renderers
from django.templatetags.static import static
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext, ngettext, npgettext, pgettext
from jinja2 import Environment, StrictUndefined

from scheduling.templatetags import clinic, rights

# The same names as in Django's templates.
FILTERS: Final[Mapping[str, Any]] = {
    "brief_date": clinic.brief_date,
    "capfirst": capfirst,
    "clock": clinic.clock,
    "full_date": clinic.full_date,
    "may_open": rights.may_open,
    "moment": clinic.moment,
    "phone": clinic.phone,
    "short_date": clinic.short_date,
}
INPUTS: Final = "django/forms/widgets/"


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
    jinja.globals |= {"static": static, "url": reverse}
    jinja.filters |= FILTERS
    return jinja


class FormRenderer(renderers.TemplatesSetting):
    """Inputs by Django's own Jinja2 templates; what else a form is made of, by the project's templates."""

    def __init__(self) -> None:
        self._inputs = renderers.Jinja2()

    def get_template(self, template_name: str) -> Any:
        if template_name.startswith(INPUTS):
            return self._inputs.get_template(template_name)
        return super().get_template(template_name)
