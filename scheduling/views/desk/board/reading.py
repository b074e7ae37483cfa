"""What the boards are made of, read at once: visits, hours and free starts of some doctors."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import BooleanField, ExpressionWrapper

from scheduling.booking import fitting, open_time
from scheduling.booking.open_time import Hours
from scheduling.booking.openings import free_starts
from scheduling.models import Appointment, Doctor
from scheduling.models.people import gives
from scheduling.queries import board, board_visits
from scheduling.queries.board import Column, Staff, Times
from scheduling.queries.board_visits import Visit
from scheduling.times.day_rows import Rows as Grid
from scheduling.times.day_rows import overlap, within
from scheduling.times.intervals import Interval, subtracted


@dataclass(frozen=True)
class Rows:
    """Everything that stands in a board's span, by doctor's key where it is a doctor's."""

    doctors: Sequence[Doctor]
    staff: Staff
    step: int
    visits: Mapping[int, Sequence[Visit]]
    hours: Hours
    free: Mapping[int, Sequence[datetime]]
    moving: Appointment | None = None

    def misfits(self, span: Interval) -> list[str]:
        """Why each doctor could not take the visit that is moved at any time of the day: a code of `fitting`,
        empty where they could."""
        moving = self.moving
        if moving is None:
            return [""] * len(self.doctors)
        possible = fitting.age_asked_of_move(moving).spans(self.doctors, span)
        by_age = {key for key, time in possible.items() if time.start == time.end}
        return [
            fitting.NOT_GIVEN
            if not _takes(doctor, moving)
            else fitting.AGE_OF_TYPE
            if doctor.pk in by_age
            else ""
            for doctor in self.doctors
        ]

    def columns(self, span: Interval, grid: Grid, *, cancelled: bool) -> list[Column]:
        """Each doctor's part of one day, laid on the grid of that day or of its week."""
        days = open_time.days_of(open_time.days_around(span, self.hours.zone), self.hours.zone)
        return [
            board.column(
                grid,
                tuple(v for v in self.visits.get(doctor.pk, ()) if v.start < span.end and v.end > span.start),
                self._times(doctor.pk, span, days),
                span=span,
                step=self.step,
                cancelled=cancelled,
            )
            for doctor in self.doctors
        ]

    def _times(self, key: int, span: Interval, days: Sequence[date]) -> Times:
        worked, away = self.hours.worked(key, days), self.hours.away(key)
        return Times(
            worked=tuple(within(worked, span)),
            opened=tuple(within(subtracted(worked, away), span)),
            absences=tuple(
                (absence.time, absence.reason, absence.doctor_id is None, absence.block)
                for absence in self.hours.absences
                if absence.doctor_id in (None, key) and overlap(absence.time, span)
            ),
            free=tuple(start for start in self.free.get(key, ()) if span.start <= start < span.end),
            known=key in self.staff.has_hours or self.hours.known(key),
        )


def read(
    doctors: Sequence[Doctor],
    span: Interval,
    staff: Staff,
    *,
    now: datetime,
    moving: Appointment | None = None,
) -> Rows:
    """The visits, hours and free starts (aware UTC) of these doctors in the span: 4 queries.

    `moving`: the starts are those to which this visit can be moved; the staff is read with `of_move`.
    """
    keys = [doctor.pk for doctor in doctors]
    hours = open_time.load(keys, span)
    step = moving.minutes if moving else staff.step
    active = [doctor for doctor in doctors if doctor.is_active]
    free = free_starts(
        [doctor for doctor in active if _takes(doctor, moving)] if moving else active,
        minutes=step,
        buffer_minutes=moving.buffer_minutes if moving else 0,
        span=span,
        now=now,
        hours=hours,
        moving=moving.uuid if moving else None,
        age=fitting.age_asked_of_move(moving) if moving else fitting.ANYBODY,
    )
    if moving:  # where it stands already is no move
        theirs = free.get(moving.doctor_id, [])
        free = {**free, moving.doctor_id: [start for start in theirs if start != moving.appointment_datetime]}
    visits = board_visits.by_doctor(board_visits.visits_in(span, keys, staff.stripes))
    return Rows(doctors, staff, step, visits, hours, free, moving)


def of_move(moving: Appointment | None) -> dict[str, Any]:
    """What is to be known of the staff while a visit is moved: whether they give its type."""
    if moving is None or moving.visit_type_id is None:
        return {}
    return {"gives_it": ExpressionWrapper(gives(moving.visit_type_id), BooleanField())}


def _takes(doctor: Doctor, moving: Appointment) -> bool:
    return doctor.pk == moving.doctor_id or getattr(doctor, "gives_it", True)
