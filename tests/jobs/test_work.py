"""What each job does."""

import re
from datetime import timedelta

import pytest
from axes.models import AccessAttempt
from django.contrib.sessions.models import Session

from accounts.models import TypedForm
from scheduling.booking.actions import book
from scheduling.jobs import auditing, backing_up, clearing, day_sheets
from scheduling.jobs.failed import JobFailed
from scheduling.models import Claim, OpeningTries
from tests.booking.asking import wish
from tests.conftest import NOW, madrid

pytestmark = pytest.mark.django_db

SECOND = timedelta(seconds=1)


def test_what_is_over_is_cleared_and_nothing_else(monkeypatch):
    monkeypatch.setattr("accounts.clearing.AT_ONCE", 2)  # in several pieces
    for number in range(5):
        Session.objects.create(session_key=f"ended{number}", expire_date=NOW - SECOND)
    Session.objects.create(session_key="lasts", expire_date=NOW + SECOND)
    for name, ago in (("old", timedelta(days=1) + SECOND), ("recent", timedelta(hours=23))):
        tried = AccessAttempt.objects.create(username=name, failures_since_start=5, attempt_time=NOW)
        AccessAttempt.objects.filter(pk=tried.pk).update(attempt_time=NOW - ago)
        form = {"session_key": name, "page": "desk:book", "fields": [], "begun_at": NOW}
        TypedForm.objects.create(token="6b6f5a50-0d5c-4b0e-9f3a-0e6f2f5d7a11", changed_at=NOW - ago, **form)
    for number, ends_at in enumerate((NOW, NOW + SECOND)):
        OpeningTries.objects.create(place=str(number), tries=5, ends_at=ends_at)
    counts = "5 ended sessions, 1 old sign-in attempts, 1 old forms, 1 old counts of wrong birth dates"
    assert clearing.clear(NOW) == f"Cleared: {counts}, the texts of 0 old messages."
    assert [session.session_key for session in Session.objects.all()] == ["lasts"]
    assert [tried.username for tried in AccessAttempt.objects.all()] == ["recent"]
    assert [form.session_key for form in TypedForm.objects.all()] == ["recent"]
    assert [count.ends_at for count in OpeningTries.objects.all()] == [NOW + SECOND]


def test_a_sound_schedule_is_told_and_a_broken_one_fails(osei, ana, checkup):
    book(wish(osei, ana, checkup, madrid("2026-03-02 10:00")), by=None, now=NOW)
    assert auditing.check_schedule(NOW) == "The schedule is sound."
    Claim.objects.all().delete()
    with pytest.raises(JobFailed, match="1 problems were found"):
        auditing.check_schedule(NOW)


@pytest.mark.once
def test_the_day_sheets_are_written_where_the_setting_says(settings, tmp_path, osei):
    settings.DAY_SHEET_FOLDER = str(tmp_path / "sheets")
    assert day_sheets.write_all(NOW) == "Written: 2 days."
    names = sorted(path.name for path in (tmp_path / "sheets").iterdir())
    assert names == ["day-2026-03-02.html", "day-2026-03-03.html"]
    settings.DAY_SHEET_FOLDER = "/proc/sheets"
    with pytest.raises(JobFailed, match="/proc/sheets"):
        day_sheets.write_all(NOW)


@pytest.mark.django_db(transaction=True)
def test_the_backup_lies_where_the_setting_says_and_the_newest_stay(settings, tmp_path):
    settings.BACKUP_FOLDER, settings.BACKUP_KEEP = str(tmp_path / "backups"), 2
    for days in range(3):
        said = backing_up.back_up(NOW + timedelta(days=days))
        assert re.fullmatch(r"appointments-2026030\dT070000Z\.zip: \d+ rows, 0\.\d MB\.", said)
    names = sorted(path.name for path in (tmp_path / "backups").iterdir())
    assert names == ["appointments-20260303T070000Z.zip", "appointments-20260304T070000Z.zip"]
    settings.BACKUP_FOLDER = "/proc/backups"
    with pytest.raises(JobFailed, match="/proc/backups"):
        backing_up.back_up(NOW)
