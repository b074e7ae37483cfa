"""Values that stand on record and were not touched: they never keep anybody from changing another one.

What is stored may be older than a rule, or come through a door that had another one.
"""

from collections.abc import Mapping
from functools import partial
from typing import Any

from django import forms
from django.db import models


def keep_untouched(form: forms.BaseForm, stored: Mapping[str, Any]) -> set[str]:
    """Let each field whose text was sent as it was shown take the stored value, unchecked; their names."""
    kept = set()
    for name, value in stored.items():
        if form.is_bound and name in form.fields and _is_untouched(form[name]):
            form.fields[name].clean = partial(_as_stored, value)  # type: ignore[method-assign]
            kept.add(name)
    return kept


class UntouchedForm(forms.ModelForm):
    """A row of the back office."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        row = self.instance
        fields = [] if row.pk is None else row._meta.concrete_fields
        stored = {field.name: getattr(row, field.name) for field in fields if _is_plain(field)}
        self.untouched = keep_untouched(self, stored)

    def _get_validation_exclusions(self) -> set[str]:
        return super()._get_validation_exclusions() | self.untouched  # type: ignore[misc,no-any-return]


def _is_plain(field: models.Field) -> bool:
    return not field.is_relation and not field.choices


def _as_stored(value: Any, _typed: Any) -> Any:
    return value


def _is_untouched(bound: forms.BoundField) -> bool:
    widget = bound.field.widget
    is_text = isinstance(widget, forms.widgets.Input | forms.Textarea)
    if not is_text or isinstance(widget, forms.CheckboxInput | forms.FileInput):
        return False
    shown = widget.format_value(bound.field.prepare_value(bound.initial))
    return _text(bound.data) == _text(shown)


def _text(value: Any) -> str:
    return "" if value is None else str(value).replace("\r\n", "\n")
