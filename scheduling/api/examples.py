"""Requests that work, for the document: a small cast, on the Tuesday of next week, whenever that is.

tests/api/test_examples.py puts the cast into a database and sends every one of them.
"""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any, Final, TypeAlias

from scheduling.clock import clinic_zone

CARDIOLOGY: Final = "5d0b0a2e-6a83-4c1f-9d0e-2a6f0f4d9c11"
OSEI: Final = "8c1f6f0e-2b57-4a39-8f65-0c7f6a1e4b22"
LIND: Final = "f3a9d7c4-91e2-4b6d-a0c8-5e2d7b8f1a33"
CHECKUP: Final = "2e7b9c15-4f08-4d3a-b6e1-9a0c8d5f7e44"
ANA: Final = "b64d1e8f-7c32-4e95-8a1b-3f9e6c2d0a55"
BOOKED: Final = "0f9a3c6d-5b18-4727-9e4c-d1b7a8e2f366"  # Ana's visit to Dr Osei, Tuesday at nine
# What is made by an example, so that it can be sent again.
NEW_VISIT: Final = "7a5e2d90-c3b4-4f61-8d7a-6b0f1e9c8d77"
NEW_PATIENT: Final = "c98b4f27-0d6e-4a53-b2f9-1e7d5a3c6b88"
NEW_DOCTOR: Final = "41d6e8a3-9f2c-4b70-a5d4-8c3b0e7f2a99"

Case: TypeAlias = tuple[str, str, dict[str, Any]]  # name, summary, body
PERSON: Final = {
    "patient_name": "Zoë",
    "patient_lastname": "Field",
    "date_of_birth": "1990-02-03",
    "email": "zoe.field@example.com",
    "phone": "+34 600 555 482",
}

PATH: Final[Mapping[str, str]] = {
    "read_specialty": CARDIOLOGY,
    "read_visit_type": CHECKUP,
    "read_doctor": OSEI,
    "read_patient": ANA,
    "read_appointment": BOOKED,
    "move_appointment": BOOKED,
    "correct_appointment": BOOKED,
    "cancel_appointment": BOOKED,
    "change_status": BOOKED,
}


def tuesday_after(today: date) -> date:
    """The Tuesday of next week: 2 to 8 days ahead."""
    return today + timedelta(days=8 - today.weekday())


def at(hour: int, today: date) -> str:
    """That Tuesday at this hour on the clinic's clocks, with their offset."""
    return datetime.combine(tuesday_after(today), time(hour), clinic_zone()).isoformat()


def parameters(operation: str, today: date) -> dict[str, str | int]:
    """Values for the parameters that an operation cannot do without."""
    values: dict[str, str | int] = {}
    if operation in PATH:
        values = {"uuid": PATH[operation], "If-Match": '"1"'}
    elif operation == "list_openings":
        values = {"minutes": 30}
    elif operation == "check_opening":
        values = {"doctor": OSEI, "at": at(10, today), "minutes": 30}
    return values


def bodies(operation: str, today: date) -> dict[str, dict[str, Any]]:
    """Name -> {"summary", "value"}, as OpenAPI has examples of a body."""
    cases = {**_bodies_of_visits(today), **_bodies_of_people()}.get(operation, [])
    return {name: {"summary": summary, "value": value} for name, summary, value in cases}


def _bodies_of_visits(today: date) -> dict[str, list[Case]]:
    visit = {
        "uuid": NEW_VISIT,
        "doctor_uuid": OSEI,
        "visit_type_uuid": CHECKUP,
        "appointment_datetime": at(10, today),
    }
    move = {"appointment_datetime": at(11, today)}
    return {
        "create_appointment": [
            ("on_record", "A patient who is on record", visit | {"patient_uuid": ANA}),
            ("new_patient", "A new patient", visit | {"patient": PERSON, "description": "Palpitations"}),
            ("minutes", "By minutes, agreed at once", _by_minutes(visit)),
        ],
        "move_appointment": [
            ("time", "Another time", move | {"reason": "The patient asked for it"}),
            ("doctor", "Another time with another doctor", move | {"doctor_uuid": LIND}),
        ],
        "correct_appointment": [
            ("longer", "Longer", {"minutes": 45}),
            ("reason", "Another reason", {"description": "Palpitations, at night too"}),
        ],
        "cancel_appointment": [
            ("patient", "The patient's wish", {"reason": "The patient is ill", "wish": "patient"}),
            ("clinic", "The clinic's wish", {"reason": "The doctor is away", "wish": "clinic"}),
        ],
        "change_status": [("confirm", "Agreed", {"status": "confirmed"})],
    }


def _bodies_of_people() -> dict[str, list[Case]]:
    return {
        "create_patient": [("person", "A person", {"uuid": NEW_PATIENT, **PERSON, "may_contact": True})],
        "search_patients": [
            ("name", "By words of the name", {"text": "souza ana"}),
            ("phone", "By the end of the phone", {"text": "555 119"}),
        ],
        "create_doctor": [("doctor", "A doctor", _doctor())],
    }


def _by_minutes(visit: Mapping[str, str]) -> dict[str, Any]:
    rest = {name: value for name, value in visit.items() if name != "visit_type_uuid"}
    return {**rest, "patient_uuid": ANA, "minutes": 45, "status": "confirmed"}


def _doctor() -> dict[str, Any]:
    return {
        "uuid": NEW_DOCTOR,
        "doctor_name": "Dr Noor Haddad",
        "email": "noor.haddad@example.com",
        "specialty_uuid": CARDIOLOGY,
    }
