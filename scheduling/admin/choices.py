"""Form fields whose values are public identities instead of keys."""

from typing import Any

from django import forms
from django.db import models

from scheduling.identity import NO_KEY, identity_of, identity_of_key, keys_of


class ByIdentity(forms.ModelChoiceField):
    """One row of several."""

    def prepare_value(self, value: Any) -> Any:
        return _as_identity(self.queryset, value)

    def to_python(self, value: Any) -> models.Model | None:
        if value in self.empty_values or isinstance(value, models.Model):
            return super().to_python(value)
        keys = keys_of(self.queryset, [str(value)]) if self.queryset is not None else []
        return super().to_python(keys[0] if keys else NO_KEY)


class SeveralByIdentity(forms.ModelMultipleChoiceField):
    """Any number of rows."""

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, (list, tuple, models.QuerySet)):
            return [_as_identity(self.queryset, item) for item in value]
        return _as_identity(self.queryset, value)

    def _check_values(self, value: Any) -> Any:
        # Where Django's own `clean` turns what was posted, one by one, into rows.
        if not isinstance(value, (list, tuple)) or self.queryset is None:
            return super()._check_values(value)  # type: ignore[misc]
        keys = keys_of(self.queryset, [str(item) for item in value])
        # A value that is no identity of these rows is refused, not left out.
        chosen = keys if len(keys) == len(set(value)) else [*keys, NO_KEY]
        return super()._check_values(chosen)  # type: ignore[misc]


def _as_identity(rows: models.QuerySet[Any] | None, value: Any) -> Any:
    """Of a row or its key; what was typed stays as it is."""
    if isinstance(value, models.Model):
        return identity_of(value)
    if isinstance(value, int) and rows is not None:
        return identity_of_key(rows.model, value)
    return value
