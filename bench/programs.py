"""Rows about the API under gunicorn with 2 workers: processor time of a request, and how many a second."""

from __future__ import annotations

import itertools
import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any, Final, Literal
from uuid import uuid4

from django.urls import reverse
from django.utils import timezone

from accounts import api_keys
from accounts.models import Scope
from bench.booking import monday, slot
from bench.floor import listed
from bench.rows import Bench, Result, measured, row
from bench.served import Site, crowded_day, measured_at, site
from scheduling.models import Appointment, Doctor, Patient, Status
from scheduling.queries import appointments, paging

WORKERS: Final = "2"
CLIENTS: Final = 8  # that ask at once, for the requests a second
OPENINGS: Final = "openings of a doctor's day over HTTP, processor time"
BOOKING: Final = "a booking over HTTP, processor time"

Column = Literal["appointment_datetime", "updated_at"]
Ask = Callable[[], tuple[int, bytes]]


@contextmanager
def api() -> Iterator[Site]:
    """The site as a program meets it: its key may ask as often as it likes."""
    name = f"bench {uuid4()}"
    _key, secret = api_keys.issue(name, Scope.BOOK, expires_at=None, now=timezone.now())
    headers = {"Authorization": f"Bearer {secret}", "Content-Type": "application/json"}
    with site(headers, WEB_CONCURRENCY=WORKERS, API_BOOKINGS_A_MINUTE="1000000") as at:
        yield at


@row(OPENINGS)
def openings(bench: Bench) -> Result:
    with crowded_day(bench) as day, api() as at:
        doctor = Doctor.objects.active().order_by("pk")[0]
        address = reverse("api:list_openings")
        address += f"?doctor={doctor.uuid}&from={day}&days=1&visit_type={bench.check_up.uuid}"
        result = _measured(at, OPENINGS, bench, lambda: at.ask(address), 200)
    return result.at_most(10, "ms", result.work.median)


@row(BOOKING)
def booking(bench: Bench) -> Result:
    # By the real clock, which the server goes by: nothing is booked so far after the made-up clinic's days.
    first = monday(bench, timezone.now().date() + timedelta(days=30))
    numbers = itertools.count()
    with api() as at:

        def ask() -> tuple[int, bytes]:
            number = next(numbers)
            doctor, start = slot(bench, number, first)
            body = {
                "uuid": str(uuid4()),
                "doctor_uuid": str(doctor.uuid),
                "patient_uuid": str(bench.patients[number % len(bench.patients)].uuid),
                "visit_type_uuid": str(bench.check_up.uuid),
                "appointment_datetime": start.isoformat(),
                "description": "Pain in the left knee",
            }
            return at.ask(reverse("api:create_appointment"), json.dumps(body).encode())

        result = _measured(at, BOOKING, bench, ask, 201)
    return result.at_most(20, "ms", result.work.median)


def _page(name: str, column: Column, **wished: Any) -> None:
    """A page of 100 appointments, from the middle of all, as the API lists them."""

    @row(name)
    def page(bench: Bench) -> Result:
        every = Appointment.objects.order_by()
        middle = every[bench.shape.appointments // 2]
        after = (getattr(middle, column), middle.uuid)

        def read(_round: int = 0) -> list[Appointment]:
            return appointments.page(column, after=after, limit=100, **wished).rows

        keys = listed(visit.pk for visit in read())
        sql = f"SELECT * FROM appointments WHERE id IN ({keys or 0})"  # noqa: S608  (our own numbers)
        floor_is = "a bare SELECT of the same visits by key"
        result = measured(bench, name, read, lambda _: bench.floor.select(sql), floor_is)
        return result.at_most(0, "tables read in full", len(result.reads_in_full))


_page("a page of 100 appointments for programs, by time", "appointment_datetime")
_page("a page of 100 appointments for programs, of one status", "appointment_datetime", status=Status.NO_SHOW)
_page(
    "a page of 100 appointments for programs, by their last change",
    "updated_at",
    changed_since=datetime(2000, 1, 1, tzinfo=UTC),
)


@row("a page of 100 patients for programs")
def patients(bench: Bench) -> Result:
    every = Patient.objects.order_by()
    middle = every[bench.shape.patients // 2].uuid
    rows = Patient.objects.standing().select_related("merged_into")

    def read(_round: int = 0) -> list[Patient]:
        return paging.as_recorded(rows, middle, 100).rows

    sql = f"SELECT * FROM patients WHERE id IN ({listed(each.pk for each in read())})"  # noqa: S608
    floor_is = "a bare SELECT of the same patients by key"
    name = "a page of 100 patients for programs"
    result = measured(bench, name, read, lambda _: bench.floor.select(sql), floor_is)
    return result.at_most(0, "tables read in full", len(result.reads_in_full))


def _measured(at: Site, name: str, bench: Bench, ask: Ask, status: int) -> Result:
    result, _body = measured_at(at, name, bench, ask, status)
    result.detail = {"requests_a_second": round(_a_second(ask, status, bench.seconds / 4))}
    return result


def _a_second(ask: Ask, status: int, seconds: float) -> float:
    """Of several clients at once, each a thread with a connection of its own for each request."""
    done: list[int] = []
    until = time.perf_counter() + seconds

    def go_on() -> None:
        while time.perf_counter() < until:
            answered, _body = ask()
            if answered == status:
                done.append(answered)

    began = time.perf_counter()
    clients = [threading.Thread(target=go_on) for _ in range(CLIENTS)]
    for client in clients:
        client.start()
    for client in clients:
        client.join()
    return len(done) / (time.perf_counter() - began)
