"""Form fields whose values are public identities instead of keys."""

from typing import Any

from django import forms
from django.db import models

from scheduling.admin.identity import identity_of, identity_of_key, keys_of


class ByIdentity(forms.ModelChoiceField):
    """One row of several."""

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, models.Model):
            return identity_of(value)
        if isinstance(value, int) and self.queryset is not None:
            return identity_of_key(self.queryset.model, value)
        return value

    def to_python(self, value: Any) -> models.Model | None:
        if value in self.empty_values or isinstance(value, models.Model):
            return super().to_python(value)
        keys = keys_of(self.queryset, [str(value)]) if self.queryset is not None else []
        return super().to_python(keys[0] if keys else "0")


class SeveralByIdentity(forms.ModelMultipleChoiceField):
    """Any number of rows."""

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, models.Model):
            return identity_of(value)
        if isinstance(value, int) and self.queryset is not None:
            return identity_of_key(self.queryset.model, value)
        return super().prepare_value(value)

    def clean(self, value: Any) -> Any:
        if not isinstance(value, (list, tuple)) or self.queryset is None:
            return super().clean(value)
        keys = keys_of(self.queryset, [str(item) for item in value])
        # A value that is no identity any more must be refused, not left out.
        return super().clean(keys if len(keys) == len(set(value)) else [*keys, "0"])
