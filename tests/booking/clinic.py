"""A clinic for races, and the short words in which its tests ask."""

from datetime import time, timedelta
from uuid import uuid4

from scheduling.booking.proposal import NewPatient, Proposal
from tests import factories
from tests.booking.together import WORKERS, run_together
from tests.conftest import madrid, works
from tests.environment import on_mariadb

DOCTORS = 3
ROUNDS = DOCTORS if on_mariadb() else 1  # SQLite's writers wait in one queue
START = madrid("2026-03-03 09:00")


class Clinic:
    """A doctor for every round, a patient for every worker, visits of three lengths, two with a buffer."""

    def __init__(self):
        self.doctors = factories.DoctorFactory.create_batch(DOCTORS, overbook_limit=2)
        for doctor in self.doctors:
            works(doctor, time(9), time(20))
        self.types = [
            factories.VisitTypeFactory(minutes=minutes, buffer_minutes=buffer)
            for minutes, buffer in ((15, 10), (30, 0), (45, 5))
        ]
        self.patients = factories.PatientFactory.create_batch(WORKERS)

    def wish(self, *, doctor, patient, start, kind=1, **more):
        return Proposal(
            uuid=more.pop("uuid", None) or uuid4(),
            doctor=self.doctors[doctor],
            patient=patient if isinstance(patient, NewPatient) else self.patients[patient],
            visit_type=self.types[kind],
            start=start,
            **more,
        )


def answers_of(work):
    return [answer for _, _, answer in run_together(work, rounds=ROUNDS)]


def at(minutes, round_=0):
    return START + timedelta(hours=round_, minutes=minutes)
