"""How adoption stops: with reasons for a person, never with a traceback."""

from collections.abc import Callable, Sequence
from typing import TypeAlias

# Takes one line for the operator: counts and uuids, never a name.
Say: TypeAlias = Callable[[str], None]


class AdoptionError(Exception):
    """Nothing more is done. `reasons` are whole lines, without personal data; at most `SHOWN` are told."""

    SHOWN = 20

    def __init__(self, headline: str, reasons: Sequence[str] = ()) -> None:
        self.headline = headline
        self.reasons = list(reasons)
        shown = [f"  - {reason}" for reason in self.reasons[: self.SHOWN]]
        if len(self.reasons) > self.SHOWN:
            shown.append(f"  ... and {len(self.reasons) - self.SHOWN} more.")
        super().__init__("\n".join([headline, *shown]))
