"""What the templates of messages may say: values in the language that is active, no rows of the database."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from django.conf import settings
from django.utils.translation import gettext as _

from scheduling.clock import clinic_zone
from scheduling.models import Notice, Source, Status
from scheduling.models.placeholders import filled, used_in
from scheduling.notices import opening
from scheduling.notices.outgoing import News, Telling
from scheduling.notices.unsubscribing import address_for, public_address
from scheduling.notices.words import ClinicsWords, values_of

Kind = Notice.Kind
# The messages that say how to come prepared, and what a missed visit costs.
REMINDING: Final = frozenset({Kind.REMINDER, Kind.ANSWER})
LONG: Final = 12  # visits: from more of them on, they are listed by months


@dataclass(frozen=True)
class VisitFacts:
    """One visit: nothing of its reason, its type or the doctor's specialty."""

    at: datetime
    was_at: datetime | None  # when the patient thinks that it is, where it was moved
    doctor: str  # "" where it is another than the patient knows, and does not matter any more
    url: str  # opens the patient's page, signed; "" where there is nothing to see
    short_url: str  # of the page as whoever has the address sees it
    is_pending: bool

    @property
    def month(self) -> date:
        """The first day of its month, by the clinic's calendar."""
        return self.at.astimezone(clinic_zone()).date().replace(day=1)

    @property
    def keeps_its_time(self) -> bool:
        """Whether it was moved to another doctor alone."""
        return self.was_at == self.at


def facts_of(telling: Telling, own: ClinicsWords, *, now: datetime) -> dict[str, Any]:
    """The context of all templates of a message."""
    visits = [_visit(one, telling) for one in telling.news]
    words = own.in_language(telling.language)
    values = _values(telling, visits[0])
    return {
        "now": now,
        "kind": telling.kind.value,
        "language": telling.language,
        "clinic": {
            "name": settings.CLINIC_NAME,
            "phone": settings.CLINIC_PHONE,
            "address": settings.CLINIC_ADDRESS,
        },
        "visits": visits,
        "first": visits[0],
        "by_months": len(visits) > LONG,
        "any_pending": any(visit.is_pending for visit in visits),
        "by_clinic": all(one.visit.source != Source.PATIENT for one in telling.news),
        "code": telling.code,
        "words": telling.words,
        "greeting": _greeting(words.greeting, values),
        "how_to_find_us": filled(words.how_to_find_us, values),
        "closing": filled(words.closing, values),
        **_reminding(telling, own, values),
    }


def _visit(one: News, telling: Telling) -> VisitFacts:
    visit = one.visit
    if telling.kind == Kind.CANCELLED:
        # As the patient knows it: it may have been moved meanwhile, or be somebody else's now.
        is_known = not one.was or one.was["doctor"] == str(visit.doctor.uuid)
        return VisitFacts(
            at=one.named_at,
            was_at=None,
            doctor=visit.doctor.doctor_name if is_known else "",
            url="",
            short_url="",
            is_pending=False,
        )
    return VisitFacts(
        at=visit.appointment_datetime,
        was_at=one.was_at if telling.kind == Kind.MOVED else None,
        doctor=visit.doctor.doctor_name,
        url=opening.address_for(visit.uuid, telling.patient.uuid),
        short_url=public_address("appointment-status", visit.uuid),
        is_pending=visit.status == Status.PENDING,
    )


def _values(telling: Telling, first: VisitFacts) -> Mapping[str, str]:
    """What the placeholders stand for; of several visits, the first one's day, time and doctor."""
    patient = telling.patient
    name = f"{patient.patient_name} {patient.patient_lastname}".strip()
    return values_of(first.at, doctor=first.doctor, name=name)


def _greeting(own: str, values: Mapping[str, str]) -> str:
    """The clinic's own, unless it would greet a name that old data lacks."""
    if own and (values["name"] or "name" not in used_in(own)):
        return filled(own, values)
    return _("Hello %(name)s,") % {"name": values["name"]} if values["name"] else _("Hello,")


def _reminding(telling: Telling, own: ClinicsWords, values: Mapping[str, str]) -> dict[str, Any]:
    """What only reminders have: how to prepare, what a missed visit costs, how to end them."""
    if telling.kind not in REMINDING:
        return {}
    prepare: Sequence[str] = [
        filled(own.how_to_prepare(one.visit.visit_type_id, telling.language), values) for one in telling.news
    ]
    missed = own.in_language(telling.language).missed_visit if own.says_what_missing_costs else ""
    is_reminder = telling.kind == Kind.REMINDER
    return {
        "how_to_prepare": [text for text in dict.fromkeys(prepare) if text],
        "missed_visit": filled(missed, values),
        "unsubscribe_url": address_for(telling.patient.uuid) if is_reminder else "",
    }
