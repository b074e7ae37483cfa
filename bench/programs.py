"""Rows about the pages of records that the API lists for programs."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, Literal

from bench.floor import listed
from bench.rows import Bench, Result, measured, row
from scheduling.models import Appointment, Patient, Status
from scheduling.queries import appointments, paging

Column = Literal["appointment_datetime", "updated_at"]


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
