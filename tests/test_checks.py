import pytest
from django.apps import apps
from django.core.checks import run_checks
from django.core.management import call_command
from django.core.management.base import SystemCheckError
from django.db import connection, models
from django.db.migrations.recorder import MigrationRecorder
from django.test.utils import isolate_apps

from scheduling import checks
from scheduling.models import Notice


@isolate_apps("scheduling")
def test_a_time_whose_name_does_not_say_what_it_is_is_found():
    class Visit(models.Model):  # noqa: DJ008
        at = models.DateTimeField()
        left_at = models.DateTimeField()
        visit_datetime = models.DateTimeField()
        moment = models.DateTimeField()
        seen_on = models.DateField()
        date_of_birth = models.DateField()
        day = models.DateField()

        class Meta:
            app_label = "scheduling"

    assert [(p.obj.name, p.id) for p in checks._misnamed(Visit)] == [
        ("moment", "scheduling.E001"),
        ("day", "scheduling.E002"),
    ]


def test_our_own_times_are_named_as_they_should_be():
    assert checks.names_of_times([apps.get_app_config("scheduling")]) == []


def test_every_kind_of_notice_has_its_templates(monkeypatch):
    assert checks.templates_of_notices(None) == []
    monkeypatch.setattr(checks, "FILES", (*checks.FILES, "fax.txt"))
    found = checks.templates_of_notices(None)
    assert len(found) == len(Notice.Kind)
    assert {problem.id for problem in found} == {"scheduling.E004"}
    assert "notices/moved/fax.txt" in " ".join(problem.msg for problem in found)


def test_a_database_without_the_old_book_may_be_migrated(db):
    assert checks.old_book(None, databases=["default"]) == []


def test_an_old_book_that_was_not_adopted_is_not_migrated_over(transactional_db):
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL)")
    # Recorded migrations mean that the tables named as the old ones are ours.
    assert checks.old_book(None, databases=["default"]) == []
    recorded = MigrationRecorder(connection).migration_qs.filter(app="scheduling")
    names = list(recorded.values_list("name", flat=True))
    recorded.delete()
    try:
        with pytest.raises(SystemCheckError, match="adopt_legacy --dry-run"):
            call_command("migrate", skip_checks=False, verbosity=0)
        assert not recorded.exists()
        call_command("check")  # without --database no check looks into it
    finally:
        for name in names:
            MigrationRecorder(connection).record_applied("scheduling", name)
        with connection.cursor() as cursor:
            cursor.execute("DROP TABLE alembic_version")


@pytest.mark.mariadb
def test_missing_time_zone_tables_are_told_to_whoever_asks(db):
    with connection.cursor() as cursor:
        cursor.execute("SELECT CONVERT_TZ('2026-01-01 12:00:00', 'UTC', 'Europe/Madrid') IS NULL")
        (missing,) = cursor.fetchone()
    found = checks.time_zone_tables(None, databases=["default"])
    assert [problem.id for problem in found] == ["scheduling.I001"] * missing
    assert run_checks(tags=["database"], databases=["default"]) == []  # not at each `migrate`
