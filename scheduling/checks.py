"""Conventions and conditions that Django's checks watch over."""

from collections.abc import Iterator, Sequence
from typing import Any, Final

from django.apps import AppConfig, apps
from django.conf import settings
from django.core.checks import CheckMessage, Error, Info, Tags, Warning, register
from django.db import DEFAULT_DB_ALIAS, connections, models
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.template import TemplateDoesNotExist
from django.template.loader import get_template
from django.utils import timezone

from scheduling.booking import changed_zone
from scheduling.models import Notice
from scheduling.notices.compose import FILES, template_name

# Dates that people know under names of their own.
DATES_WITH_OWN_NAMES: Final = frozenset({"date_of_birth", "valid_from", "valid_until"})


@register(Tags.models)
def names_of_times(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """An instant ends in `_at` or `_datetime`, a day in `_on`: one can't be taken for the other."""
    found: list[CheckMessage] = []
    for config in app_configs or apps.get_app_configs():
        if config.label == "scheduling":
            found.extend(problem for model in config.get_models() for problem in _misnamed(model))
    return found


def _misnamed(model: type[models.Model]) -> Iterator[CheckMessage]:
    for field in model._meta.local_fields:
        name = field.name
        if isinstance(field, models.DateTimeField):
            if name != "at" and not name.endswith(("_at", "_datetime")):
                yield Error("An instant's name ends in _at or _datetime.", obj=field, id="scheduling.E001")
        # The other way round it would find instants as well: a DateTimeField is a DateField.
        elif isinstance(field, models.DateField) and not (
            name.endswith("_on") or name in DATES_WITH_OWN_NAMES
        ):
            yield Error("A day's name ends in _on.", obj=field, id="scheduling.E002")


@register(Tags.templates)
def templates_of_notices(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """Every kind of notice can be put into words, whichever channel sends it."""
    return [
        Error(f"There is no template {name}.", hint="A kind of notice has four.", id="scheduling.E004")
        for kind in Notice.Kind.values
        for name in (template_name(kind, file) for file in FILES)
        if not _exists(name)
    ]


def _exists(name: str) -> bool:
    try:
        get_template(name)
    except TemplateDoesNotExist:
        return False
    return True


@register(Tags.database)
def old_book(
    app_configs: Sequence[AppConfig] | None, databases: Sequence[str] | None = None, **kwargs: Any
) -> list[CheckMessage]:
    """`migrate` on a database that the old system made would stop half-way: its tables have our names."""
    return [
        Error(
            "This database holds the old appointment book, which has not been adopted.",
            hint="Nothing was changed. Run `manage.py adopt_legacy --dry-run`: it tells what would be done.",
            id="scheduling.E003",
        )
        for alias in databases or ()
        if _is_unadopted(alias)
    ]


def _is_unadopted(alias: str) -> bool:
    connection = connections[alias]
    tables = set(connection.introspection.table_names())
    if not {"alembic_version", "appointments"} <= tables:
        return False
    return not any(app == "scheduling" for app, _ in MigrationRecorder(connection).applied_migrations())


@register(Tags.database, deploy=True)
def time_zone_tables(
    app_configs: Sequence[AppConfig] | None, databases: Sequence[str] | None = None, **kwargs: Any
) -> list[CheckMessage]:
    """Without them MariaDB answers `__date` and `TruncDate` wrongly and silently. This program uses neither,
    so it is told only to whoever asks with `check --deploy --database default`."""
    return [
        Info(
            f"The database server has no time zone called {settings.TIME_ZONE}.",
            hint="This program does not need it; SQL of your own may: load its time zone tables.",
            id="scheduling.I001",
        )
        for alias in databases or ()
        if connections[alias].vendor == "mysql" and not _knows_zone(alias)
    ]


def _knows_zone(alias: str) -> bool:
    with connections[alias].cursor() as cursor:
        cursor.execute("SELECT CONVERT_TZ('2026-01-01 12:00:00', 'UTC', %s)", [settings.TIME_ZONE])
        return cursor.fetchone()[0] is not None


@register(Tags.database)
def changed_time_zone(
    app_configs: Sequence[AppConfig] | None, databases: Sequence[str] | None = None, **kwargs: Any
) -> list[CheckMessage]:
    """Closures are stored as instants: on the clocks of another zone they begin and end at other times."""
    if not databases or not _is_migrated(databases):
        return []
    found = changed_zone.by_other_clocks(now=timezone.now())
    if not found:
        return []
    zones = ", ".join(sorted({moved.row.time_zone for moved in found}))
    text = f"{len(found)} closures, times off and extra hours to come were typed in {zones}."
    hint = (
        f"On the clinic's clocks, now those of {settings.CLINIC_TIME_ZONE}, they begin and end at other "
        "times. `manage.py follow_time_zone` moves them along, with --dry-run it tells how. Visits stay."
    )
    return [Warning(text, hint=hint, id="scheduling.W001")]


def _is_migrated(databases: Sequence[str]) -> bool:
    """Whether all columns are there: `migrate` checks first, and the rows have whatever was added since."""
    if DEFAULT_DB_ALIAS not in databases:
        return False
    loader = MigrationLoader(connections[DEFAULT_DB_ALIAS])
    return all(leaf in loader.applied_migrations for leaf in loader.graph.leaf_nodes("scheduling"))
