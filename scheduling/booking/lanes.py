"""The places beside a visit: lane 0 is the normal one, 1 to the doctor's limit are for what is overbooked."""

from scheduling.booking.proposal import Proposal
from scheduling.models import NORMAL_LANE, Claim


def free(proposal: Proposal) -> list[int]:
    """The doctor's lanes, up to the limit, that are free for the whole of the time, ascending: 1 query."""
    wanted = proposal.grains
    claims = Claim.objects.filter(doctor=proposal.doctor, grain__gte=wanted.start, grain__lt=wanted.stop)
    full = set(claims.values_list("lane", flat=True))
    return [lane for lane in range(NORMAL_LANE, proposal.doctor.overbook_limit + 1) if lane not in full]


def free_beside(proposal: Proposal) -> int:
    """How many more visits may knowingly stand at that time."""
    return min(len(free(proposal)), proposal.doctor.overbook_limit)
