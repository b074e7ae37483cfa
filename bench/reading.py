"""Rows about reading: free times, the day board, patients, and the audit of the schedule."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from bench import clinic
from bench.floor import listed
from bench.rows import Bench, Result, measured, row
from scheduling.booking import integrity, openings
from scheduling.booking.openings import free_starts
from scheduling.models import Appointment, Claim, Patient
from scheduling.queries import patients
from scheduling.times import clinic_day, grid
from scheduling.times.intervals import Interval
from tests.weeks import open_hours

SAME_CLAIMS = "a bare SELECT of the same claims"
SAME_ROWS = "a bare SELECT of the same visits and people by key"


@row("next 10 free starts, 50 doctors, 60 days")
def next_starts(bench: Bench) -> Result:
    # What is free soon is found in the first window, one day.
    name = "next 10 free starts, 50 doctors, 60 days"
    result = next_starts_from(bench, name, clinic.TODAY, read_days=1)
    return result.at_most(3, "queries", result.queries)


def next_starts_from(bench: Bench, name: str, day: date, *, read_days: int) -> Result:
    """The engine is asked for 60 days; the floor reads as many as it will read."""

    def days(count: int) -> Interval:
        last = clinic_day.whole_day(day + timedelta(days=count), bench.zone)
        return Interval(clinic_day.whole_day(day, bench.zone).start, last.start)

    reach = days(read_days)
    sql = _claims_sql(bench, grid.grain_of(reach.start), grid.grain_of(reach.end))
    result = measured(
        bench,
        name,
        lambda _: openings.next_starts(bench.doctors, minutes=30, span=days(60), now=clinic.NOW),
        lambda _: bench.floor.select(sql),
        SAME_CLAIMS,
    )
    found = openings.next_starts(bench.doctors, minutes=30, span=days(60), now=clinic.NOW)
    result.detail = {"found": len(found), "claims_read": bench.floor.select(sql)}
    return result


@row("day board, 25 doctors, 400 visits")
def day_board(bench: Bench) -> Result:
    span = clinic_day.whole_day(clinic.BOARD_DAY, bench.zone)
    visits = list(Appointment.objects.holding_time().filter(doctor__in=bench.doctors).starting_in(span))
    keys, patients = listed(v.pk for v in visits), listed({v.patient_id for v in visits})
    sqls = (
        f"SELECT * FROM appointments WHERE id IN ({keys})",  # noqa: S608  (whole numbers of our own)
        f"SELECT * FROM patients WHERE id IN ({patients})",  # noqa: S608
    )
    read = _whole_board(bench) if find_spec("scheduling.queries.board") else _rows_of_board(bench)
    result = measured(
        bench,
        "day board, 25 doctors, 400 visits",
        lambda _: read(span),
        lambda _: [bench.floor.select(sql) for sql in sqls],
        SAME_ROWS,
    )
    result.detail = {"visits": len(visits), "read_by": read.__name__.strip("_")}
    return result.at_most(8, "queries", result.queries)


def _whole_board(bench: Bench) -> Callable[[Interval], object]:
    board: Any = import_module("scheduling.queries.board")
    page: Any = import_module("scheduling.views.desk.board.shown")
    choice = import_module("scheduling.forms.board").Choice(
        doctors=frozenset(doctor.uuid for doctor in bench.doctors[: bench.shape.board_doctors])
    )

    viewer = page.Viewer(is_bookable=True, may_set_hours=False, may_change=False)
    columns: Any = import_module("scheduling.views.desk.board.columns")

    def day_sheet(span: Interval) -> object:
        """As the page of the day puts it together, where nobody has looked at it before."""
        board.column.cache_clear()
        columns.shown_column.cache_clear()
        staff = board.staff_of(span, now=clinic.NOW)
        return page.of_day(clinic.BOARD_DAY, staff, choice, viewer, now=clinic.NOW)

    return day_sheet


def _rows_of_board(bench: Bench) -> Callable[[Interval], object]:
    doctors = bench.doctors[: bench.shape.board_doctors]

    def rows_of_the_day(span: Interval) -> object:
        """The board's rows, hours and free starts, as long as there is no `queries.board`."""
        visits = list(Appointment.objects.starting_in(span).with_people())
        opened = open_hours(doctors, span)
        return visits, opened, free_starts(doctors, minutes=15, span=span, now=clinic.NOW)

    return rows_of_the_day


def _search(name: str, text: str) -> None:
    @row(name)
    def search(bench: Bench) -> Result:
        found = patients.search(text, now=clinic.NOW)
        keys = Patient.objects.filter(uuid__in=[hit.uuid for hit in found.hits]).values_list("pk", flat=True)
        sql = f"SELECT * FROM patients WHERE id IN ({listed(keys or [0])})"  # noqa: S608  (our own numbers)
        result = measured(
            bench,
            name,
            lambda _: patients.search(text, now=clinic.NOW),
            lambda _: bench.floor.select(sql),
            "a bare SELECT of the patients found, by key",
        )
        result.detail = {"typed": text, "shown": len(found.hits), "more": found.more}
        result.detail["patients"] = bench.shape.patients
        result.at_most(2, "queries", result.queries)
        result.at_most(100, "ms", result.work.median)
        return result.at_most(0, "tables read in full", len(result.reads_in_full))


_search("patient search, two parts of a common name", "garc jos")
_search("patient search, the commonest beginning of a name", "ma")
_search("patient search, one letter", "m")
_search("patient search, two letters of two names", "m g")
_search("patient search, the last digits of a phone", "482")
_search("patient search, a name and a birth date", "ana 2 marzo 1980")
_search("patient search, a name that nobody has", "zzyzx")


@row("check_schedule, today and later")
def check_schedule(bench: Bench) -> Result:
    today = clinic_day.whole_day(clinic.TODAY, bench.zone)
    sqls = (
        _claims_sql(bench, grid.grain_of(today.start), 2**31 - 1),
        f"SELECT * FROM appointments WHERE id IN ({listed(_coming(today))})",  # noqa: S608  (our own numbers)
    )
    result = measured(
        bench,
        "check_schedule, today and later",
        lambda _: (integrity.problems(now=clinic.NOW), integrity.notices(now=clinic.NOW)),
        lambda _: [bench.floor.select(sql) for sql in sqls],
        "a bare SELECT of the same claims and visits",
    )
    problems = integrity.problems(now=clinic.NOW)
    result.detail = {"visits": len(_coming(today)), "problems": len(problems)}
    return result


def _coming(today: Interval) -> list[int]:
    later = Appointment.objects.holding_time().filter(appointment_datetime__gte=today.start)
    return list(later.order_by().values_list("pk", flat=True))


def _claims_sql(bench: Bench, first: int, last: int) -> str:
    columns = ", ".join(field.column for field in Claim._meta.concrete_fields if field.column)
    return f"SELECT {columns} FROM claims WHERE {claims_where(bench, first, last)}"  # noqa: S608


def claims_where(bench: Bench, first: int, last: int) -> str:
    """Those of all doctors between two grains: our own numbers."""
    doctors = listed(doctor.pk for doctor in bench.doctors)
    return f"doctor_id IN ({doctors}) AND grain BETWEEN {first} AND {last}"
