"""Who works at the demo clinic, when, and at what."""

from dataclasses import dataclass
from datetime import time
from typing import Final, NamedTuple

from accounts import roles

PASSWORD: Final = "clinic-demo"  # noqa: S105  (made with DEBUG on only)


class Account(NamedTuple):
    username: str
    first_name: str
    last_name: str
    role: str
    back_office: bool


ACCOUNTS: Final = (
    Account("reception", "Lucía", "Prieto", roles.RECEPTIONIST, back_office=False),
    Account("manager", "Marcos", "Ibáñez", roles.MANAGER, back_office=True),
    Account("doctor", "Elena", "Vidal", roles.DOCTOR, back_office=False),
)

FOLLOW_UP, CONSULTATION, FIRST_VISIT, LONG_SESSION = (
    "Follow-up",
    "Consultation",
    "First visit",
    "Long session",
)
CHILD_CHECK_UP, CHECK_UP = "Child check-up", "Yearly check-up"
CHILD_UNTIL: Final = 16  # years


class DemoType(NamedTuple):
    minutes: int
    buffer: int = 0
    youngest: int | None = None
    oldest: int | None = None


VISIT_TYPES: Final = {
    FOLLOW_UP: DemoType(15),
    CONSULTATION: DemoType(20),
    FIRST_VISIT: DemoType(30),
    LONG_SESSION: DemoType(45, buffer=5),
    CHILD_CHECK_UP: DemoType(20, oldest=CHILD_UNTIL),
    CHECK_UP: DemoType(30, youngest=18),
}
EVERYDAY: Final = (FOLLOW_UP, CONSULTATION, FIRST_VISIT)

MON, TUE, WED, THU, FRI, SAT = range(6)
WORKDAYS: Final = (MON, TUE, WED, THU, FRI)


class Shift(NamedTuple):
    """The same hours on several weekdays. A break is the gap between two shifts."""

    weekdays: tuple[int, ...]
    starts: time
    ends: time


@dataclass(frozen=True)
class DemoDoctor:
    name: str
    email: str
    specialty: str
    shifts: tuple[Shift, ...]
    busy: float  # share of the next days' time that is taken
    gives: tuple[str, ...]  # types of visit; none: all of them
    usual: tuple[str, ...]  # those that are booked, the commoner ones named more often
    reasons: tuple[str, ...]
    username: str = ""
    sees_children: bool = False


DOCTORS: Final = (
    DemoDoctor(
        name="Dr Elena Vidal Ruiz",
        email="elena.vidal@santelmo.example",
        specialty="General medicine",
        shifts=(Shift(WORKDAYS, time(9), time(14)), Shift((MON, WED), time(16), time(19))),
        busy=0.85,
        gives=(*EVERYDAY, CHECK_UP),
        usual=(FOLLOW_UP, CONSULTATION, CONSULTATION, FIRST_VISIT),
        reasons=(
            "Results of the blood test",
            "Cough for two weeks",
            "Renewal of the prescription",
            "Blood pressure check",
            "Dizzy in the mornings",
            "Flu jab",
        ),
        username="doctor",
    ),
    DemoDoctor(
        name="Dr Tomás Iglesias Peña",
        email="tomas.iglesias@santelmo.example",
        specialty="General medicine",
        shifts=(
            Shift((MON, TUE, THU), time(15), time(20)),
            Shift((WED, FRI), time(8, 30), time(11)),
            Shift((WED, FRI), time(11, 30), time(14)),
        ),
        busy=0.6,
        gives=(*EVERYDAY, CHECK_UP),
        usual=(FOLLOW_UP, CONSULTATION, CONSULTATION, FIRST_VISIT, CHECK_UP),
        reasons=("Back pain since Sunday", "Sick note", "Sore throat", "Yearly check-up", "Travel vaccines"),
    ),
    DemoDoctor(
        name="Dr Nuria Castells Roig",
        email="nuria.castells@santelmo.example",
        specialty="Paediatrics",
        shifts=(
            Shift((MON, TUE, WED, THU), time(10), time(13, 30)),
            Shift((MON, TUE, WED, THU), time(16), time(18, 30)),
            Shift((SAT,), time(10), time(13)),
        ),
        busy=0.7,
        gives=(*EVERYDAY, CHILD_CHECK_UP),
        usual=(FOLLOW_UP, CONSULTATION, CHILD_CHECK_UP, FIRST_VISIT),
        reasons=("Vaccination", "Earache", "Growth check", "Fever since last night", "Rash on the arms"),
        sees_children=True,
    ),
    DemoDoctor(
        name="Dr Hugh Pemberton",
        email="hugh.pemberton@santelmo.example",
        specialty="Cardiology",
        shifts=(Shift((TUE, THU), time(9), time(13)), Shift((TUE, THU), time(14), time(17))),
        busy=0.3,
        gives=(FIRST_VISIT, FOLLOW_UP, LONG_SESSION),
        usual=(FIRST_VISIT, FIRST_VISIT, LONG_SESSION),
        reasons=("Palpitations", "ECG and review", "Check of the pacemaker", "High blood pressure"),
    ),
    DemoDoctor(
        name="Dr Ingrid Solberg",
        email="ingrid.solberg@santelmo.example",
        specialty="Dermatology",
        shifts=(
            Shift((MON, WED, FRI), time(9, 30), time(13, 30)),
            Shift((MON, WED, FRI), time(14, 30), time(17)),
        ),
        busy=0.5,
        gives=EVERYDAY,
        usual=(FOLLOW_UP, CONSULTATION, FIRST_VISIT),
        reasons=("A mole that has changed", "Eczema, second look", "Acne treatment", "Skin check"),
    ),
    DemoDoctor(
        name="Dr Karim Benali",
        email="karim.benali@santelmo.example",
        specialty="Physiotherapy",
        shifts=(Shift(WORKDAYS, time(8), time(12)), Shift(WORKDAYS, time(12, 30), time(15, 30))),
        busy=0.65,
        gives=(FIRST_VISIT, LONG_SESSION),
        usual=(FIRST_VISIT, LONG_SESSION, LONG_SESSION),
        reasons=("Knee, session 3 of 10", "Shoulder after surgery", "Lower back", "Ankle sprain", ""),
    ),
)


class Away(NamedTuple):
    """Time off: so many days from today, on local clocks."""

    doctor: str
    days: int
    starts: time
    ends: time
    reason: str


# Told after the days were booked, as in life: some visits stand in it and wait for somebody to look.
AWAY: Final = (
    Away("Dr Karim Benali", 0, time(14, 30), time(15, 30), "Team meeting"),
    Away("Dr Karim Benali", 6, time(8), time(10), "Training"),
    Away("Dr Ingrid Solberg", 9, time(9), time(18), "Congress"),
)
