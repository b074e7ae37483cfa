"""Where visits of the old book stand in the schedule, when several want the same time. Pure."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True)
class Wish:
    """A visit that wants time: `grains` as `times.grid.grains` has them."""

    id: int
    doctor_id: int
    patient_id: int
    start: datetime
    grains: range


@dataclass
class Place:
    """What a visit gets. `beside` are the ids of visits of the doctor that share a grain with it,
    `behind` those of the patient that began earlier (or have the lower id) and share one."""

    lane: int
    patient_free: bool
    beside: set[int] = field(default_factory=set)
    behind: set[int] = field(default_factory=set)


def places(wishes: Iterable[Wish]) -> dict[int, Place]:
    """The place of every visit by its id: by time and then id, each takes the first lane that is free in
    all of its grains, and claims its patient unless an earlier visit did so in one of them."""
    of_doctor: dict[tuple[int, int], list[int]] = defaultdict(list)
    of_patient: dict[tuple[int, int], list[int]] = defaultdict(list)
    found: dict[int, Place] = {}
    for wish in sorted(wishes, key=lambda wish: (wish.start, wish.id)):
        beside = {other for grain in wish.grains for other in of_doctor[wish.doctor_id, grain]}
        behind = {other for grain in wish.grains for other in of_patient[wish.patient_id, grain]}
        found[wish.id] = Place(
            lane=_first_free({found[other].lane for other in beside}),
            patient_free=any(not found[other].patient_free for other in behind),
            beside=beside,
            behind=behind,
        )
        for other in beside:
            found[other].beside.add(wish.id)
        for grain in wish.grains:
            of_doctor[wish.doctor_id, grain].append(wish.id)
            of_patient[wish.patient_id, grain].append(wish.id)
    return found


def _first_free(taken: set[int]) -> int:
    lane = 0
    while lane in taken:
        lane += 1
    return lane
