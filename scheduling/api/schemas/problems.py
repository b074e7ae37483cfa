"""What every refusal looks like: RFC 9457, Problem Details for HTTP APIs."""

from pydantic import Field

from scheduling.api.schemas.appointments import AppointmentDetail
from scheduling.api.schemas.base import Answer, Reason
from scheduling.api.schemas.openings import Opening


class Problem(Answer):
    """Nothing was written. `detail` is a sentence for people, `problems` has every reason."""

    type: str = "about:blank"
    title: str
    status: int
    detail: str
    problems: list[Reason] = Field(default_factory=list)


class Taken(Problem):
    """The schedule stands in the way: free times near the wished one come along, the nearest of the same
    doctor first. Empty where there are none, or where another time would not help."""

    nearest: list[Opening] = Field(default_factory=list)


class Stale(Problem):
    """Somebody changed the appointment since it was read: it as it is now."""

    current: AppointmentDetail
