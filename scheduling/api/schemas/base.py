"""What all schemas have in common."""

import hashlib
from typing import Any

import ninja
from pydantic import BaseModel, ConfigDict, Field


class Answer(ninja.Schema):
    """Made from a row or from values; goes out."""

    # What has a default is in every answer all the same.
    model_config = ConfigDict(from_attributes=True, json_schema_serialization_defaults_required=True)


def next_page() -> Any:
    """Of a page: where the one after it begins."""
    return Field(None, description="The `cursor` of the next page; null on the last.")


class Reason(Answer):
    """One reason against a request."""

    code: str = Field(
        description="For programs; it stays the same in every language.", examples=["doctor_taken"]
    )
    field: str = Field(default="", description="Where in the request; empty: all of it.")
    message: str = Field(description="For people, in the language of Accept-Language (en or es).")


class Asked(BaseModel):
    """Comes in: a field that nobody knows is refused, for it may be a known one mistyped."""

    model_config = ConfigDict(extra="forbid")

    def fingerprint(self) -> str:
        """SHA-256 of the content as understood, its uuid left out: two spellings of one request are one.

        Without what is as it would be left out: so a field that a later release adds changes no fingerprint,
        and a program whose answer got lost while that was brought in can ask again.
        """
        said = self.model_dump_json(exclude={"uuid"}, exclude_defaults=True)
        return hashlib.sha256(said.encode()).hexdigest()


class Paged(Asked):
    limit: int = Field(50, ge=1, le=100, description="How many to a page.")
    cursor: str | None = Field(
        None, max_length=400, description="`next` of the page before; left out, the first page."
    )
