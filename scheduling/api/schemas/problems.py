"""What every refusal looks like: RFC 9457, Problem Details for HTTP APIs."""

from pydantic import Field

from scheduling.api.schemas.appointments import AppointmentDetail
from scheduling.api.schemas.base import Answer, Reason
from scheduling.api.schemas.openings import Opening


class Problem(Answer):
    """Nothing was written. `detail` is a sentence for people, `problems` has every reason."""

    type: str = Field(default="about:blank", description="As RFC 9457 has it: no more than the status says.")
    title: str = Field(description="The status in words, in English.")
    status: int = Field(description="The status of the answer.")
    detail: str = Field(description="All reasons in a sentence for people.")
    problems: list[Reason] = Field(default_factory=list, description="Every reason by itself.")


class Taken(Problem):
    """The schedule stands in the way: free times near the wished one come along, the nearest of the same
    doctor first. Empty where there are none, or where another time would not help."""

    nearest: list[Opening] = Field(default_factory=list, description="Free times near the wished one.")


class Stale(Problem):
    """Somebody changed the appointment since it was read: it as it is now."""

    current: AppointmentDetail = Field(description="The appointment as it stands now.")
