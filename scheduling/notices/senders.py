"""Who sent a reply, and which message its code names."""

from dataclasses import dataclass, field
from typing import Final

from django.conf import settings

from scheduling.booking import patients
from scheduling.matching import phones
from scheduling.models import Notice, Patient
from scheduling.queries import untold

MOST: Final = 20  # messages with one code, over the years


@dataclass(frozen=True)
class Asked:
    """What the message told that a code names, and whether the sender's number is that of whom it told."""

    notices: list[Notice] = field(default_factory=list)
    is_theirs: bool = False

    @property
    def lead(self) -> Notice | None:
        return self.notices[0] if self.notices else None


def number_of(sender: str) -> str:
    """The number, as records have it; "" where it is none."""
    try:
        return phones.without_extension(phones.read(sender, settings.PHONENUMBER_DEFAULT_REGION))
    except phones.Unreadable:
        return ""


def asked_by(code: str, number: str) -> Asked:
    """The last message of this code that went to the sender; else the last of this code. At most 4
    statements."""
    if not code:
        return Asked()
    people = ("appointment__patient", "former_patient")
    sent = Notice.objects.filter(code=code).exclude(sent_at=None).select_related(*people)
    found = list(sent.order_by("-sent_at", "pk")[:MOST])
    theirs = [notice for notice in found if number and number in _numbers_of(told_patient(notice))]
    if not found:
        return Asked()
    last = (theirs or found)[0]
    if last.message_id is None:
        return Asked([last], bool(theirs))
    return Asked(list(_of_one_message(last)), bool(theirs))


def told_patient(notice: Notice) -> Patient:
    """Whom a notice told; the record that stands for them, where it was made a part of another."""
    who = notice.former_patient or notice.appointment.patient
    return who if who.merged_into_id is None else patients.standing(who)


def patients_with(number: str) -> list[Patient]:
    """The records that stand and have this number: 2 statements."""
    return list(untold.with_numbers([number]).get(number, ()))


def _numbers_of(patient: Patient) -> set[str]:
    return {phones.without_extension(number) for number, _whose in patient.phones}


def _of_one_message(notice: Notice) -> list[Notice]:
    people = ("appointment__patient", "former_patient")
    return list(Notice.objects.filter(message=notice.message_id).select_related(*people).order_by("pk"))
