"""A booking form filled in before: by a link, by one of the offered times, by a twin that was chosen."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from scheduling.forms.fields import is_in_calendar, uuid_of
from scheduling.forms.wall_clock import offset_of
from scheduling.models import Doctor, Patient, VisitType
from scheduling.models.statements import ByUuid, Reading

UNKNOWN: Final[Mapping[str, tuple[type[Doctor | Patient | VisitType], Promise]]] = {
    "doctor": (Doctor, _("The link named a doctor who is not on record. Choose the doctor.")),
    "patient": (Patient, _("The link named a patient who is not on record. Find the patient.")),
    "visit_type": (VisitType, _("The link named a visit type that is not on record. Choose one.")),
}
BY_UUID: Final = {model: ByUuid(model) for model, _note in UNKNOWN.values()}
# The only one is chosen already; two are enough to know that there are more.
TYPES: Final = Reading(lambda: VisitType.objects.active().values_list("uuid")[:2])
UNREADABLE_START: Final = _("The link named a time that cannot be read. Type the day and the time.")


@dataclass
class Prefill:
    """Values by field name, and what was wrong with the rest."""

    values: dict[str, str] = field(default_factory=dict)
    notes: list[str | Promise] = field(default_factory=list)


def from_link(query: QueryDict, zone: ZoneInfo) -> Prefill:
    """`?doctor=&start=&day=&patient=&visit_type=`, each of which may be missing or nonsense."""
    filled = Prefill()
    for name, (model, note) in UNKNOWN.items():
        given = query.get(name, "")
        uuid = uuid_of(given)
        if uuid is not None and BY_UUID[model].find(uuid) is not None:
            filled.values[name] = str(uuid)
        elif given:
            filled.notes.append(note)
    if given := query.get("start", ""):
        moment = moment_of(given, zone)
        if moment:
            filled.values |= moment
        else:
            filled.notes.append(UNREADABLE_START)
    elif given := query.get("day", ""):  # from which free times are offered
        moment = moment_of(given, zone)
        if moment:
            filled.values["day"] = moment["day"]
        else:
            filled.notes.append(UNREADABLE_START)
    if "visit_type" not in filled.values:
        types = [str(uuid) for (uuid,) in TYPES.rows({})]
        if len(types) == 1:
            filled.values["visit_type"] = types[0]
    return filled


def from_press(posted: QueryDict, zone: ZoneInfo) -> QueryDict:
    """What was posted, with the pressed button's value in place of what stands in the fields.

    `choice` is one of the offered times ("<doctor uuid>|<ISO start>"), `use` is a patient already on record.
    """
    filled = posted.copy()
    if use := posted.get("use"):
        filled["patient"] = use
    if choice := posted.get("choice"):
        doctor, _bar, start = choice.partition("|")
        filled["doctor"] = doctor
        # A choice that cannot be read must never book the time that stands in the field.
        for name, value in (moment_of(start, zone) or {"time": start or "?"}).items():
            filled[name] = value
    return filled


def moment_of(start: str, zone: ZoneInfo) -> dict[str, str] | None:
    """An ISO time as day, time and offset on the clinic's clocks; without an offset it is on those clocks."""
    try:
        # A plus sign that was not escaped arrives as a space.
        at = datetime.fromisoformat(start.replace(" ", "+") if "T" in start else start)
        local = at if at.tzinfo is None else at.astimezone(zone)
    except (ValueError, OverflowError):
        return None
    if not is_in_calendar(local.date()):
        return None
    moment = {"day": local.date().isoformat(), "time": local.strftime("%H:%M")}
    return moment if at.tzinfo is None else moment | {"offset": offset_of(at, zone)}
