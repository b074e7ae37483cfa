"""Column types of our own."""

import uuid
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from scheduling.matching import emails
from scheduling.matching.names import fold
from scheduling.times import possible


def check_address(text: str) -> None:
    if emails.read(text) is None:
        shown = {"value": text[:40]}
        raise ValidationError(_("“%(value)s” is not an e-mail address."), code="invalid", params=shown)


class UUIDTextField(models.Field):
    """A UUID in CHAR(36) with hyphens, on every database.

    Django's own field would be CHAR(32) on MySQL and a native type on MariaDB 10.7, and neither reads the
    rows that the documented system wrote. In Python it is a `uuid.UUID`.
    """

    description = _("Public identity")
    default_error_messages = {"invalid": _("“%(value)s” is not a valid identity.")}

    def db_type(self, connection: Any) -> str:
        return "char(36)"

    def from_db_value(self, value: str | None, expression: Any, connection: Any) -> uuid.UUID | None:
        return None if value is None else uuid.UUID(value)

    def to_python(self, value: Any) -> uuid.UUID | None:
        if value is None or isinstance(value, uuid.UUID):
            return value
        try:
            return uuid.UUID(str(value))
        except ValueError:
            raise ValidationError(
                self.error_messages["invalid"], code="invalid", params={"value": value}
            ) from None

    def get_prep_value(self, value: Any) -> str | None:
        value = self.to_python(super().get_prep_value(value))
        return None if value is None else str(value)

    def value_to_string(self, obj: models.Model) -> str:
        return str(self.value_from_object(obj))

    def formfield(self, **kwargs: Any) -> Any:
        return super().formfield(**{"form_class": forms.UUIDField, **kwargs})


class AddressField(models.EmailField):
    """An e-mail address, by the one rule for all doors (`matching.emails`)."""

    default_validators = [check_address]

    def deconstruct(self) -> Any:
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.EmailField", args, kwargs  # the same column


class PublicUUIDField(UUIDTextField):
    """A row's own public identity: version 4, made with the row, never given twice."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("default", uuid.uuid4)
        kwargs.setdefault("unique", True)
        kwargs.setdefault("editable", False)
        super().__init__(*args, **kwargs)


class InstantField(models.DateTimeField):
    """An instant of a row that may come from an old book. One at the very ends of the calendar is read a few
    days inside: no page, list or job can overflow over it. To the database it is a DateTimeField."""

    def deconstruct(self) -> Any:
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.DateTimeField", args, kwargs

    def from_db_value(self, value: datetime | None, expression: Any, connection: Any) -> datetime | None:
        return None if value is None else possible.within_calendar(value)


class FoldedField(models.CharField):
    """The folded text of other columns of the same row, for searching; filled whenever the row is saved.

    A field's `pre_save`, as in Django's own `auto_now`, so that no writer can forget it. `QuerySet.update()`
    of a source column goes past it: save the row instead.
    """

    def __init__(self, *args: Any, sources: Sequence[str] = (), **kwargs: Any) -> None:
        self.sources = tuple(sources)
        kwargs.setdefault("editable", False)
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        return name, path, args, {**kwargs, "sources": list(self.sources)}

    def pre_save(self, model_instance: models.Model, add: bool) -> str:
        text = fold(" ".join(str(getattr(model_instance, source) or "") for source in self.sources))
        setattr(model_instance, self.attname, text[: self.max_length])
        return str(getattr(model_instance, self.attname))


class WordField(models.CharField):
    """Text compared letter by letter on every database, so that a beginning is a range of the index."""

    def db_parameters(self, connection: Any) -> Any:
        parameters = super().db_parameters(connection)
        if connection.vendor == "mysql":
            parameters["collation"] = "utf8mb4_bin"
        return parameters
