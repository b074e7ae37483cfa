"""All that is compared at night and by `check_schedule`: it should find nothing."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from scheduling.booking import integrity, merging, search_words
from scheduling.booking.integrity import ScheduleProblem


@dataclass(frozen=True)
class Audit:
    """What is not as it should be."""

    problems: list[ScheduleProblem]  # visits that do not hold exactly their time
    left_behind: list[UUID]  # visits of a record that became a part of another
    lost: list[UUID]  # patients who are not found by what their records say

    @property
    def count(self) -> int:
        return len(self.problems) + len(self.left_behind) + len(self.lost)


def audit(*, now: datetime) -> Audit:
    return Audit(integrity.problems(now=now), merging.left_behind(), search_words.wrong())
