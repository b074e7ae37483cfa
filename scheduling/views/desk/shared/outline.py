"""As much of a visit as the booking form knows so far, and the free times looked for by it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import uuid4

from django.utils.http import urlencode

from scheduling.booking import fitting
from scheduling.booking.proposal import NewPatient, Proposal
from scheduling.forms.wall_clock import Reading
from scheduling.models import Doctor, Patient, Specialty, VisitType

NOBODY_YET = NewPatient(patient_name="", patient_lastname="")


@dataclass(frozen=True)
class Outline:
    """As much as is known of the visit so far."""

    patient: str
    person: Patient | NewPatient | None
    doctor: Doctor | None
    specialty: Specialty | None
    visit_type: VisitType | None
    day: date | None
    start: datetime | None
    readings: Sequence[Reading] = ()
    given: frozenset[int] = frozenset()  # keys of the types that the doctor gives; none: all of them
    usual_specialty: str = ""  # that of the patient's last visit, where the doctor's is another one

    @property
    def not_given(self) -> str:
        """That the doctor does not give the type, where both are known and that is so."""
        if self.doctor is None or self.visit_type is None or not self.given:
            return ""
        is_given = self.visit_type.pk in self.given
        return "" if is_given else fitting.not_given(self.doctor, self.visit_type)

    @property
    def end(self) -> datetime | None:
        if self.start is None or self.visit_type is None:
            return None
        return self.start + timedelta(minutes=self.visit_type.minutes)

    @property
    def as_wishes(self) -> str:
        """What is known so far, as the query of the page that finds a time."""
        known = {
            "doctor": self.doctor and self.doctor.uuid,
            "visit_type": self.visit_type and self.visit_type.uuid,
            "patient": self.person.uuid if isinstance(self.person, Patient) else None,
            "from": self.day,
        }
        return urlencode({name: str(value) for name, value in known.items() if value})

    @property
    def wish(self) -> Proposal | None:
        """The visit as it would be asked for, once its time is known; the patient may still be open."""
        if self.start is None or self.visit_type is None or self.doctor is None:
            return None
        return Proposal(
            uuid=uuid4(),
            doctor=self.doctor,
            patient=self.person or NOBODY_YET,
            visit_type=self.visit_type,
            start=self.start,
        )
