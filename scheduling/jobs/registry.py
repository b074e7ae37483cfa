"""Which jobs there are."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Final

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from scheduling.jobs import auditing, backing_up, clearing, day_sheets, messages
from scheduling.jobs.schedules import Daily, Every, Schedule


@dataclass(frozen=True)
class Job:
    """`work(now)` says in a sentence what it did, without personal data; raises `JobFailed` with one. It may
    be done twice where a process was lost in it. `is_on`: whether this clinic wants it."""

    name: str
    label: str | Promise
    schedule: Schedule
    work: Callable[[datetime], str]
    is_on: Callable[[], bool] = lambda: True


# At night nobody books; at 2 the clocks change.
JOBS: Final = (
    Job("clear", _("Clear what is over"), Every(timedelta(hours=1)), clearing.clear),
    Job("check_schedule", _("Check the schedule"), Daily(time(4, 30)), auditing.check_schedule),
    Job(
        "find_reminders",
        _("Find the reminders"),
        Every(timedelta(minutes=5)),
        messages.remind,
        is_on=messages.are_sent,
    ),
    Job(
        "send_messages",
        _("Send messages"),
        Every(timedelta(seconds=15)),
        messages.send,
        is_on=messages.are_sent,
    ),
    Job(
        "write_day_sheets",
        _("Write the day sheets"),
        Every(timedelta(minutes=15)),
        day_sheets.write_all,
        is_on=lambda: bool(settings.DAY_SHEET_FOLDER),
    ),
    Job(
        "back_up",
        _("Back up"),
        Daily(time(4)),
        backing_up.back_up,
        is_on=lambda: bool(settings.BACKUP_FOLDER),
    ),
)
