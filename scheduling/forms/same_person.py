"""What was typed for a new patient who turns out to be on record: what the record lacks, and what it has
otherwise."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from scheduling import alerts
from scheduling.booking.patients import FIELDS
from scheduling.forms.contact import LABELS
from scheduling.forms.known import ConsentField
from scheduling.forms.patients import PatientForm, as_typed, plain
from scheduling.models import Patient

ALONE: Final = tuple(name for name in FIELDS if name not in (*LABELS, *LABELS.values(), "alerts"))

# What stands in the form before anybody touches it says nothing of the patient.
UNSAID: Final = {"wants_reminders": ConsentField.YES}


@dataclass
class Compared:
    """`values` are the record's, with what was typed where it has nothing: for its form."""

    values: dict[str, Any]
    added: list[str] = field(default_factory=list)  # fields
    differing: list[tuple[str, Any]] = field(default_factory=list)  # field, the value that was typed

    @property
    def is_all_known(self) -> bool:
        return not self.added and not self.differing


def compared(patient: Patient, typed: Mapping[str, Any], *, now: datetime) -> Compared:
    """Nothing that was typed is lost: a second number goes where there is room for it, alerts are put
    together, and what cannot be read is left to the form of the record to complain about."""
    form = PatientForm(typed, now=now)
    form.full_clean()
    mine = {name: _typed(form, name) for name in FIELDS}
    mine |= {name: "" for name, value in UNSAID.items() if mine[name] == value}
    found = Compared(as_typed(patient))
    for name in ALONE:
        if mine[name] and not found.values[name]:
            found.values[name] = mine[name]
            found.added.append(name)
        elif mine[name] and mine[name] != found.values[name]:
            found.differing.append((name, form.cleaned_data.get(name, mine[name])))
    for name, label in LABELS.items():
        if mine[name]:
            _put(found, name, mine[name], mine[label])
    both = alerts.of_both(found.values["alerts"], mine["alerts"])
    if both != alerts.of_both(found.values["alerts"], ""):
        found.values["alerts"] = both
        found.added.append("alerts")
    found.added.sort(key=FIELDS.index)
    found.differing.sort(key=lambda each: FIELDS.index(each[0]))
    return found


def _typed(form: PatientForm, name: str) -> str:
    known = form.cleaned_data
    return plain(known[name]) if name in known else str(form[name].value() or "").strip()


def _put(found: Compared, name: str, number: str, whose: str) -> None:
    """A number into the first of the two places that has it, or has none."""
    places: Sequence[str] = sorted(LABELS, key=lambda place: found.values[place] != number)
    place = next((each for each in places if found.values[each] in (number, "")), None)
    if place is None:
        found.differing.append((name, number))
        return
    label = LABELS[place]
    if not found.values[place]:
        found.values[place] = number
        found.added.append(place)
    if whose and not found.values[label]:
        found.values[label] = whose
        found.added.append(label)
    elif whose and whose != found.values[label]:
        found.differing.append((label, whose))
