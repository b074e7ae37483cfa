"""Rows about booking over HTTP, by programs and at desks, many at once. Nothing may be booked twice."""

from __future__ import annotations

import itertools
import json
import re
from datetime import datetime, timedelta
from typing import Final, NamedTuple
from urllib.parse import urlencode
from uuid import UUID, uuid4

from django.urls import reverse
from django.utils import timezone

from bench.booking import monday, slot
from bench.clients import Client
from bench.over_http import LARGEST_PAGE, light, over_http, program, soon
from bench.rows import Bench, Result, row
from bench.site import HOST
from bench.twice import check
from scheduling.models import Appointment, Doctor, Patient
from scheduling.times import clinic_day

BY_API: Final = "a booking by API over HTTP"
AT_A_DESK: Final = "a booking at the desk over HTTP"
WANTED_TWICE: Final = 20  # by programs, one of so many times: two want it in the same moment
AHEAD: Final = timedelta(days=30)
# What htmx says beside the form while the name is typed.
TYPED: Final = {
    "HX-Request": "true",
    "HX-Target": "hits",
    "HX-Trigger": "patient-box",
    "HX-Trigger-Name": "q",
}
SENT: Final = {"Content-Type": "application/x-www-form-urlencoded", "Origin": f"https://{HOST}"}
HIDDEN: Final = re.compile(r'<input type="hidden" name="(csrfmiddlewaretoken|uuid)" value="([^"]+)"')


class Wish(NamedTuple):
    doctor: Doctor
    patient: Patient
    start: datetime


class Wishes:
    """Free half hours, handed out one after the other, and what was told to be booked."""

    def __init__(self, bench: Bench, *, wanted_twice: int | None = None) -> None:
        self.bench = bench
        self.first = _free_monday(bench)
        self.wanted_twice = wanted_twice
        self.numbers = itertools.count()
        self.told: list[UUID] = []

    def next(self) -> Wish:
        number = next(self.numbers)
        place = number - number // self.wanted_twice if self.wanted_twice else number
        doctor, start = slot(self.bench, place, self.first)
        return Wish(doctor, self.bench.patients[number % len(self.bench.patients)], start)


@row(BY_API)
def by_api(bench: Bench) -> Result:
    wishes = Wishes(bench, wanted_twice=WANTED_TWICE)
    address = reverse("api:create_appointment")

    def book(client: Client) -> bool:
        doctor, patient, start = wishes.next()
        uuid = uuid4()
        body = {
            "uuid": str(uuid),
            "doctor_uuid": str(doctor.uuid),
            "patient_uuid": str(patient.uuid),
            "visit_type_uuid": str(bench.check_up.uuid),
            "appointment_datetime": start.isoformat(),
            "description": "Pain in the left knee",
        }
        if client.ask(address, json.dumps(body).encode(), expected=201) is None:
            return False
        wishes.told.append(uuid)
        return True

    result = over_http(bench, BY_API, book, program)
    check(wishes.first, wishes.told)
    return soon(result, 95, 200)


@row(AT_A_DESK)
def at_a_desk(bench: Bench) -> Result:
    """Three requests: the form from a free time of the board, the search for the patient, the saving."""
    wishes = Wishes(bench)

    def book(client: Client) -> bool:
        wish = wishes.next()
        link = urlencode({"doctor": wish.doctor.uuid, "start": wish.start.isoformat()})
        form = client.ask(f"{reverse('desk:book')}?{link}", expected=200)
        if form is None:
            return False
        typed = dict(HIDDEN.findall(form)) | _typed(bench, wish)
        found = client.ask(
            reverse("desk:book-patients"), _sent(typed), expected=200, headers={**SENT, **TYPED}
        )
        if found is None:
            return False
        if str(wish.patient.uuid) not in found:
            client.wrong.append(200)  # with another list than was looked for
            return False
        typed |= {"patient": str(wish.patient.uuid), "visit_type": str(bench.check_up.uuid)}
        if client.ask(reverse("desk:book"), _sent(typed), expected=302, headers=SENT) is None:
            return False
        wishes.told.append(UUID(typed["uuid"]))
        return True

    result = over_http(bench, AT_A_DESK, book)
    check(wishes.first, wishes.told)
    return light(soon(result, 95, 200, of_the_last=True), LARGEST_PAGE)


def _typed(bench: Bench, wish: Wish) -> dict[str, str]:
    """What stands in the form before a patient is chosen."""
    local = wish.start.astimezone(bench.zone)
    return {
        "q": f"{wish.patient.patient_name} {wish.patient.patient_lastname}",
        "doctor": str(wish.doctor.uuid),
        "day": local.date().isoformat(),
        "time": f"{local:%H:%M}",
        "description": "Pain in the left knee",
        "status": "confirmed",
    }


def _sent(fields: dict[str, str]) -> bytes:
    return urlencode(fields).encode()


def _free_monday(bench: Bench) -> datetime:
    """After every visit, and ahead by the real clock, which the server goes by."""
    latest = Appointment.objects.order_by("-appointment_datetime")[0].appointment_datetime
    day = clinic_day.day_of(max(latest, timezone.now() + AHEAD), bench.zone)
    return monday(bench, day + timedelta(days=1))
