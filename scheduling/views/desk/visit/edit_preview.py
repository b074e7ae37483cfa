"""What a visit is, beside what it would be once its correction is saved."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from scheduling.booking.edits import Edit
from scheduling.booking.proposal import Proposal
from scheduling.forms.edit import EditForm
from scheduling.models import Appointment, Patient
from scheduling.templatetags.clinic import full_date


@dataclass(frozen=True)
class Fact:
    """One line of both sides."""

    label: str
    before: str
    after: str

    @property
    def is_new(self) -> bool:
        return self.before != self.after


@dataclass(frozen=True)
class Preview:
    end: datetime
    minutes: int
    facts: Sequence[Fact]

    @property
    def changes(self) -> bool:
        return any(fact.is_new for fact in self.facts)


def preview_of(typed: Mapping[str, Any], visit: Appointment) -> Preview:
    """As far as what is typed can be read; the rest as it stands."""
    form = EditForm(typed, visit=visit)
    form.full_clean()
    asked = form.edit()
    after = asked.proposal(visit)
    return Preview(after.time.end, after.minutes, list(_facts(visit, asked, after)))


def _facts(visit: Appointment, asked: Edit, after: Proposal) -> Sequence[Fact]:
    kind = asked.visit_type or visit.visit_type
    description = visit.description if asked.description is None else asked.description
    patient = asked.patient or visit.patient
    nothing = _("none given")
    was = visit.visit_type.name if visit.visit_type else nothing
    facts = [
        Fact(_("Type"), was, kind.name if kind else nothing),
        Fact(_("Length"), _minutes(visit.minutes), _minutes(after.minutes)),
        Fact(_("Patient"), _named(visit.patient), _named(patient)),
        Fact(_("Reason"), visit.description or nothing, description or nothing),
    ]
    if visit.buffer_minutes or after.buffer_minutes:
        buffer = Fact(_("Buffer"), _minutes(visit.buffer_minutes), _minutes(after.buffer_minutes))
        facts.insert(2, buffer)
    return facts


def _minutes(count: int) -> str:
    return _("%(n)s min") % {"n": count}


def _named(patient: Patient) -> str:
    if patient.date_of_birth is None:
        return patient.full_name
    return f"{patient.full_name}, {full_date(patient.date_of_birth)}"
