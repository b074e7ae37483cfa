"""The inputs that are written without a template are those that Django's templates would make."""

import re

import pytest
from django import forms
from django.forms.renderers import Jinja2

from appointments_site import form_inputs
from appointments_site.jinja import FormRenderer

pytestmark = pytest.mark.once

WEIRD = "\"<b>&'"
PAIRS = [("", "Choose"), ("a", WEIRD), (WEIRD, "B")]
GROUPED = [("Near", [("a", "A"), ("b", WEIRD)]), ("", [("c", "C")]), ("d", "D")]
ATTRS = {"class": "input", "autofocus": True, "required": False, "title": WEIRD, "rows": 2}
INPUTS = [
    *(
        (kind(attrs=ATTRS), value)
        for kind in (
            forms.TextInput,
            forms.DateInput,
            forms.EmailInput,
            forms.HiddenInput,
            forms.NumberInput,
            forms.PasswordInput,
            forms.Textarea,
        )
        for value in (None, "", 0, WEIRD, "\nbelow")
    ),
    *((forms.CheckboxInput(attrs=ATTRS), value) for value in (True, False, None, WEIRD)),
    *(
        (forms.Select(ATTRS, choices), value)
        for choices in (PAIRS, GROUPED)
        for value in ("", "a", WEIRD, None)
    ),
    (forms.SelectMultiple(ATTRS, PAIRS), ["a", WEIRD]),
    (forms.RadioSelect(ATTRS, PAIRS), WEIRD),
    (forms.CheckboxSelectMultiple(ATTRS, PAIRS), ["a"]),
]


def read(html):
    """Without the space between tags, and with quotation marks escaped one way."""
    return re.sub(r">\s+<", "><", html.strip()).replace("&quot;", "&#34;").replace("&#x27;", "&#39;")


def rendered(widget, value, renderer):
    return read(widget.render(WEIRD, value, {"id": "id_x"}, renderer))


@pytest.mark.parametrize(
    ("widget", "value"), INPUTS, ids=[f"{type(widget).__name__} {value!r}" for widget, value in INPUTS]
)
def test_an_input_is_as_django_writes_it(widget, value):
    assert rendered(widget, value, FormRenderer()) == rendered(widget, value, Jinja2())


def test_one_of_several_choices_is_as_django_writes_it():
    class Asked(forms.Form):
        which = forms.ChoiceField(choices=PAIRS, widget=forms.RadioSelect)

    ours, theirs = (
        [read(choice.tag()) for choice in Asked(renderer=by)["which"]] for by in (FormRenderer(), Jinja2())
    )
    assert ours == theirs


def test_what_is_not_known_is_left_to_django():
    assert form_inputs.written("django/forms/widgets/multiwidget.html", {}) is None
