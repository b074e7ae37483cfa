"""Who changes something, when, why and through which door: one value, from a door to the event."""

from dataclasses import dataclass
from datetime import datetime

from accounts.models import User
from scheduling.models import ActorKind, Source


@dataclass(frozen=True)
class Actor:
    """A person or a program with its account, the patient, or the clinic's own system, without one."""

    kind: ActorKind
    user: User | None = None

    @classmethod
    def of(cls, by: User | None, channel: Source) -> "Actor":
        """The actor behind an account or, without one, behind the door that was used."""
        if by is not None:
            return cls(ActorKind.PROGRAM if by.is_program else ActorKind.PERSON, by)
        without_account = {Source.PATIENT: ActorKind.PATIENT, Source.API: ActorKind.PROGRAM}
        return cls(without_account.get(channel, ActorKind.CLOCK))


@dataclass(frozen=True, kw_only=True)
class Change:
    """One change: `by` an account or None (`Actor.of`), at `now` (aware), with a cleaned `reason` or "",
    through a `channel`."""

    by: User | None
    now: datetime
    reason: str = ""
    channel: Source = Source.DESK

    @property
    def actor(self) -> Actor:
        return Actor.of(self.by, self.channel)

    @property
    def columns(self) -> dict[str, object]:
        """What every event keeps of it, {attname: value}."""
        return {
            "at": self.now,
            "actor": self.actor.kind,
            "by_id": self.by.pk if self.by is not None else None,
            "channel": self.channel,
            "reason": self.reason,
        }
