"""The fields of a posted form as text that can be stored or signed, and back; never its secrets."""

from collections.abc import Iterable, Sequence
from typing import Final, TypeAlias

from django.http import QueryDict

Fields: TypeAlias = list[tuple[str, list[str]]]  # (name, values), in the order of the form

SECRETS: Final = ("csrfmiddlewaretoken", "password")


def fields_of(posted: QueryDict) -> Fields:
    return [
        (str(name), [str(value) for value in values])
        for name, values in posted.lists()
        if not any(secret in str(name) for secret in SECRETS)
    ]


def as_posted(fields: Iterable[tuple[str, Sequence[str]]]) -> QueryDict:
    """As the form would be posted: it cannot be changed."""
    query = QueryDict(mutable=True)
    for name, values in fields:
        query.setlist(name, list(values))
    query._mutable = False
    return query
