"""What all schemas have in common."""

import hashlib
from typing import Any

import ninja
from pydantic import BaseModel, ConfigDict, Field


class Answer(ninja.Schema):
    """Made from a row or from values; goes out."""

    model_config = ConfigDict(from_attributes=True)


class Reason(Answer):
    """One reason: `code` for programs, `field` as the request names it (empty: the whole), and a sentence."""

    code: str
    field: str = ""
    message: str


class Asked(BaseModel):
    """Comes in: a field that nobody knows is refused, for it may be a known one mistyped."""

    model_config = ConfigDict(extra="forbid")

    def fingerprint(self, **more: Any) -> str:
        """SHA-256 of the content as understood, its uuid left out: two spellings of one request are one."""
        said = self.model_copy(update=more).model_dump_json(exclude={"uuid"})
        return hashlib.sha256(said.encode()).hexdigest()


class Paged(Asked):
    limit: int = Field(50, ge=1, le=100)
    cursor: str | None = Field(None, max_length=400, description="`next` of the page before.")
