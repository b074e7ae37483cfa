"""The inputs of forms, one element each, written as Django's own templates write them.

A form has a dozen and a choice of doctors has fifty options: a template for each would take most of a page's
time. What these functions do not know is rendered by Django's templates (`appointments_site.jinja`).
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

from django.utils.safestring import SafeString
from markupsafe import escape

Widget = Mapping[str, Any]


def attributes(values: Mapping[str, Any]) -> str:
    """Each behind a space; those that are False are left out, those that are True stand by their name."""
    return "".join(
        f" {name}" if value is True else f' {name}="{escape(value)}"'
        for name, value in values.items()
        if value is not False and value is not None
    )


def typed(value: Any) -> str:
    """What was typed, without what no page may hold: it is refused, and shown again as it came."""
    return escape(value).replace("\0", "")


def one_line(widget: Widget) -> str:
    value = widget["value"]
    given = "" if value is None else f' value="{typed(value)}"'
    return (
        f'<input type="{widget["type"]}" name="{escape(widget["name"])}"{given}{attributes(widget["attrs"])}>'
    )


def several_lines(widget: Widget) -> str:
    # A browser leaves out a line end behind the tag: without this one it would be the text's first.
    text = typed(widget["value"] or "")
    return f'<textarea name="{escape(widget["name"])}"{attributes(widget["attrs"])}>\n{text}</textarea>'


def select(widget: Widget) -> str:
    groups = "".join(
        f'<optgroup label="{escape(name)}">{_options(of_group)}</optgroup>' if name else _options(of_group)
        for name, of_group, _index in widget["optgroups"]
    )
    return f'<select name="{escape(widget["name"])}"{attributes(widget["attrs"])}>{groups}</select>'


def _options(options: Iterable[Widget]) -> str:
    return "".join(
        f'<option value="{escape(each["value"])}"{attributes(each["attrs"])}>{escape(each["label"])}</option>'
        for each in options
    )


def radio(widget: Widget) -> str | None:
    """One of several; none of ours where its label is asked for around it."""
    return None if widget["wrap_label"] else one_line(widget)


_BY_TEMPLATE: Final[Mapping[str, Callable[[Widget], str | None]]] = {
    "date": one_line,
    "email": one_line,
    "hidden": one_line,
    "checkbox": one_line,
    "number": one_line,
    "password": one_line,
    "text": one_line,
    "textarea": several_lines,
    "radio_option": radio,
    "checkbox_option": radio,
    "select": select,
}
_WRITTEN: Final = {f"django/forms/widgets/{name}.html": by for name, by in _BY_TEMPLATE.items()}


def written(template_name: str, context: Mapping[str, Any]) -> SafeString | None:
    """What Django's template of this name would render; None for one that is not among these."""
    write = _WRITTEN.get(template_name)
    html = None if write is None else write(context["widget"])
    return None if html is None else SafeString(html)
