"""How an address names a row."""

from django.urls import register_converter
from django.urls.converters import UUIDConverter

from scheduling.api.schemas.values import UUID_TEXT


class AnyCaseUUIDConverter(UUIDConverter):
    """A uuid in small letters or in capitals, as in bodies: many programs write those."""

    regex = UUID_TEXT.strip("^$")


register_converter(AnyCaseUUIDConverter, "identity")
