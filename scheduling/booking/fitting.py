"""Whether doctor, visit type and patient go together: who gives what, and to which ages.

What a visit is already is never asked anew: a manager who takes a type away makes no visit invalid. It may be
moved with its doctor, or corrected in another way.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal, NamedTuple

from django.utils.translation import gettext as _

from scheduling.booking.proposal import Proposal, at_another_time
from scheduling.clock import clinic_zone
from scheduling.matching.ages import ANY_AGE, Ages, days_within, years_on
from scheduling.models import Appointment, Doctor, VisitType
from scheduling.times import clinic_day
from scheduling.times.intervals import Interval

NOT_GIVEN: Final = "type_not_given"
AGE_OF_TYPE: Final = "type_not_for_age"
AGE_OF_DOCTOR: Final = "doctor_not_for_age"
# The problems of this file, in the order in which they are told.
CODES: Final = (NOT_GIVEN, AGE_OF_TYPE, AGE_OF_DOCTOR)


class Misfit(NamedTuple):
    """What does not go together, and the field of a form that it is told beside."""

    code: str
    field: Literal["doctor", "patient", "visit_type", "start"]
    message: str


def misfits(proposal: Proposal, given: Collection[int]) -> Iterator[Misfit]:
    """`given`: keys of the visit types that the doctor gives; none: all of them."""
    doctor, kind = proposal.doctor, proposal.kind
    if kind is not None and given and kind.pk not in given and not _is_kept(proposal):
        yield Misfit(NOT_GIVEN, _asked_anew(proposal) or "visit_type", not_given(doctor, kind))
    day = clinic_day.day_of(proposal.start, clinic_zone())
    for code, ages in limits(proposal, doctor):
        age = years_on(proposal.patient.date_of_birth, day)
        if not ages.hold(age):
            yield _out_of(code, ages, proposal, age)


def not_given(doctor: Doctor, kind: VisitType) -> str:
    return _("%(doctor)s does not give %(type)s.") % {"doctor": doctor.doctor_name, "type": kind.name}


def limits(proposal: Proposal, doctor: Doctor) -> Iterator[tuple[str, Ages]]:
    """The limits that are asked of the patient with this doctor, each with the code of its problem: not those
    that the visit that stands is beyond already."""
    was = proposal.stands
    if was is not None and was.patient != proposal.patient:
        was = None
    for code, owner in ((AGE_OF_TYPE, proposal.kind), (AGE_OF_DOCTOR, doctor)):
        if owner is not None and owner.ages != ANY_AGE and not _is_beyond(was, owner):
            yield code, owner.ages


def stays_with(proposal: Proposal) -> int | None:
    """The key of the doctor of whom it is not asked whether they give the type: it stands with them, or
    somebody knows better."""
    return proposal.doctor.pk if _is_kept(proposal) or NOT_GIVEN in proposal.accepted else None


def given_by(doctors: Collection[int]) -> Mapping[int, frozenset[int]]:
    """By doctor (key) the types (keys) that they give; who gives all of them is missing. 1 query."""
    rows = Doctor.visit_types.through.objects.filter(doctor__in=doctors).values_list("doctor", "visittype")
    found: dict[int, set[int]] = {}
    for doctor, kind in rows:
        found.setdefault(doctor, set()).add(kind)
    return {doctor: frozenset(kinds) for doctor, kinds in found.items()}


def takes(doctor: Doctor, visit: Appointment, given: Mapping[int, frozenset[int]]) -> bool:
    """Whether a visit may be moved to the doctor, as far as its type says; `given` as in `given_by`."""
    kinds = given.get(doctor.pk)
    return not kinds or visit.visit_type_id in {None, *kinds} or visit.doctor_id == doctor.pk


@dataclass(frozen=True)
class AgeAsked:
    """A patient's birth date, and the limits that have to be kept with a doctor."""

    born: date | None
    limits_of: Callable[[Doctor], Iterable[Ages]]

    def spans(self, doctors: Iterable[Doctor], span: Interval) -> Mapping[int, Interval]:
        """When, within the span, the patient has the age: by doctor (key), empty where never. Who is missing
        may see them at any time."""
        if self.born is None:
            return {}
        zone = clinic_zone()
        first, last = (clinic_day.day_of(at, zone) for at in span)
        found: dict[int, Interval] = {}
        for doctor in doctors:
            within = span
            for ages in self.limits_of(doctor):
                within = _cut(within, days_within(self.born, ages, first, last))
            if within != span:
                found[doctor.pk] = within
        return found


ANYBODY: Final = AgeAsked(None, lambda _doctor: ())


def age_asked(kind: VisitType | None, born: date | None) -> AgeAsked:
    """Of a visit of this type with anybody."""

    def limits_of(doctor: Doctor) -> list[Ages]:
        limits = [owner.ages for owner in (kind, doctor) if owner is not None]
        return [ages for ages in limits if ages != ANY_AGE]

    return AgeAsked(born, limits_of)


def age_asked_by(proposal: Proposal) -> AgeAsked:
    """Of what is proposed, with any doctor, less what it knowingly goes past."""

    def limits_of(doctor: Doctor) -> Iterator[Ages]:
        return (ages for code, ages in limits(proposal, doctor) if code not in proposal.accepted)

    return AgeAsked(proposal.patient.date_of_birth, limits_of)


def age_asked_of_move(visit: Appointment) -> AgeAsked:
    """Of a visit that is moved, to any doctor."""
    return age_asked_by(at_another_time(visit, doctor=visit.doctor, start=visit.appointment_datetime))


def when_moved(visit: Appointment, doctors: Sequence[Doctor], span: Interval) -> Mapping[int, Interval]:
    """When, within the span, the visit may be moved to each doctor (key): never to one who does not give its
    type, as far as the patient's age allows to the others. As in `AgeAsked.spans`; 1 query."""
    given = given_by([doctor.pk for doctor in doctors])
    never = Interval(span.start, span.start)
    others = {doctor.pk: never for doctor in doctors if not takes(doctor, visit, given)}
    return {**age_asked_of_move(visit).spans(doctors, span), **others}


def not_for_age(doctor: Doctor | None, kind: VisitType, born: date | None, span: Interval) -> str:
    """That the patient is too young or too old for the type, or for the doctor, on all days of the span; ""
    where that is not so."""
    first, last = (clinic_day.day_of(at, clinic_zone()) for at in span)
    if days_within(born, kind.ages, first, last) is None:
        return _("%(type)s is for patients %(ages)s.") % {"type": kind.name, "ages": said(kind.ages)}
    if doctor is not None and days_within(born, doctor.ages, first, last) is None:
        words = {"doctor": doctor.doctor_name, "ages": said(doctor.ages)}
        return _("%(doctor)s sees patients %(ages)s.") % words
    return ""


def said(ages: Ages) -> str:
    """The limits in words, behind "for patients"; "" where there are none."""
    words = {"youngest": ages.youngest, "oldest": ages.oldest}
    if ages.youngest is None:
        return "" if ages.oldest is None else _("up to %(oldest)s years") % words
    return (
        _("from %(youngest)s years") % words
        if ages.oldest is None
        else (_("from %(youngest)s to %(oldest)s years") % words)
    )


def _is_kept(proposal: Proposal) -> bool:
    """Whether the visit stands with this doctor, as this type."""
    was, kind = proposal.stands, proposal.kind
    return (
        was is not None
        and kind is not None
        and ((was.doctor_id, was.visit_type_id) == (proposal.doctor.pk, kind.pk))
    )


def _is_beyond(was: Appointment | None, owner: VisitType | Doctor) -> bool:
    """Whether the visit stands, for the same patient, beyond the limits of its doctor or its type."""
    if was is None or owner not in (was.doctor, was.visit_type):
        return False
    day = clinic_day.day_of(was.appointment_datetime, clinic_zone())
    return not owner.ages.hold(years_on(was.patient.date_of_birth, day))


def _out_of(code: str, ages: Ages, proposal: Proposal, age: int | None) -> Misfit:
    is_of_type = code == AGE_OF_TYPE and proposal.kind is not None
    words = {
        "what": proposal.kind.name if is_of_type and proposal.kind else proposal.doctor.doctor_name,
        "ages": said(ages),
        "patient": proposal.patient.patient_name or proposal.patient.full_name,
        "age": age,
    }
    message = (
        _("%(what)s is for patients %(ages)s; %(patient)s is %(age)s on that day.")
        if is_of_type
        else _("%(what)s sees patients %(ages)s; %(patient)s is %(age)s on that day.")
    )
    return Misfit(code, _asked_anew(proposal) or ("visit_type" if is_of_type else "doctor"), message % words)


def _asked_anew(proposal: Proposal) -> Literal["doctor", "patient", "visit_type", "start", None]:
    """What of a visit that stands would be another one: that is what has to be looked at."""
    was = proposal.stands
    if was is None:
        return None
    if was.patient != proposal.patient:
        return "patient"
    if proposal.kind != was.visit_type:
        return "visit_type"
    return "start" if was.doctor_id == proposal.doctor.pk else "doctor"


def _cut(span: Interval, days: tuple[date, date] | None) -> Interval:
    """The part of the span on these days, both counted; an empty one at its beginning on none."""
    if days is None:
        return Interval(span.start, span.start)
    zone = clinic_zone()
    start = max(span.start, clinic_day.whole_day(days[0], zone).start)
    return Interval(start, max(start, min(span.end, clinic_day.whole_day(days[1], zone).end)))
