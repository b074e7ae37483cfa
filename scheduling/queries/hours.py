"""When doctors work, for the pages of those who keep their hours."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Q

from scheduling.models import Doctor, ExtraHours, TimeOff, WorkingHours
from scheduling.times import weeks
from scheduling.times.weeks import Period, Weekly


@dataclass(frozen=True)
class DoctorsHours:
    """A doctor's hours from today on."""

    doctor: Doctor
    rows: Sequence[Weekly]
    present: Period  # the week that holds today; it may be empty
    later: Sequence[Period]
    time_off: Sequence[TimeOff]  # not over yet, by time; without the clinic's
    extra: Sequence[ExtraHours]

    @property
    def has_weekly(self) -> bool:
        """Whether any day from today on has weekly hours."""
        return bool(self.present.week or any(period.week for period in self.later))

    @property
    def token(self) -> str:
        return weeks.token(self.rows)


def of_all(*, now: datetime, today: date) -> list[DoctorsHours]:
    """Of every doctor who is active, by name: 4 queries."""
    return _of(list(Doctor.objects.active().select_related("specialty")), now, today)


def of(doctor: UUID, *, now: datetime, today: date) -> DoctorsHours | None:
    """Of one doctor, also one who is switched off: 4 queries."""
    found = _of(list(Doctor.objects.select_related("specialty").filter(uuid=doctor)), now, today)
    return found[0] if found else None


def closures(now: datetime) -> list[TimeOff]:
    """Time off of the whole clinic that is not over yet."""
    return list(TimeOff.objects.filter(doctor=None, ends_at__gt=now))


def _of(doctors: Sequence[Doctor], now: datetime, today: date) -> list[DoctorsHours]:
    coming = Q(doctor__in=[doctor.pk for doctor in doctors], ends_at__gt=now)
    weekly: dict[int, list[Weekly]] = defaultdict(list)
    rows = WorkingHours.objects.filter(doctor__in=[doctor.pk for doctor in doctors]).order_by()
    for key, day, starts, ends, first, last in rows.values_list(
        "doctor", "weekday", "starts", "ends", "valid_from", "valid_until"
    ):
        weekly[key].append(Weekly(day, starts, ends, first, last))
    off: dict[int | None, list[TimeOff]] = defaultdict(list)
    for absence in TimeOff.objects.filter(coming):
        off[absence.doctor_id].append(absence)
    extra: dict[int, list[ExtraHours]] = defaultdict(list)
    for session in ExtraHours.objects.filter(coming):
        extra[session.doctor_id].append(session)
    found = []
    for doctor in doctors:
        theirs = weekly[doctor.pk]
        present, *later = [
            period for period in weeks.periods(theirs) if period.last is None or period.last >= today
        ]
        found.append(DoctorsHours(doctor, theirs, present, later, off[doctor.pk], extra[doctor.pk]))
    return found
