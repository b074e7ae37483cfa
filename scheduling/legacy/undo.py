"""Back to the old tables, as they were. What was booked since would be lost, so that is told first."""

from datetime import datetime
from zoneinfo import ZoneInfo

from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

from scheduling.legacy import fresh, schema, state, verify, writing
from scheduling.legacy.plan import make_plan
from scheduling.legacy.reading import read
from scheduling.legacy.renaming import rename
from scheduling.legacy.schema import OLD_TABLES, PREFIX
from scheduling.legacy.state import UNDONE, Place
from scheduling.legacy.stopped import AdoptionError, Say
from scheduling.models.visit_types import SHORTEST_VISIT


def undo(*, now: datetime, discard_changes: bool, say: Say) -> None:
    """Put the old tables back and drop the new ones. Raises AdoptionError where anything would be lost,
    unless `discard_changes`."""
    state.refuse_other_engines()
    with state.alone():
        tables = schema.tables()
        where = state.place(tables)
        if where is Place.HERE:
            if not finish(say):
                say("Nothing to undo: the old tables are in their place.")
            return
        if where is not Place.ASIDE:
            if state.adopted_without_originals(tables):
                raise AdoptionError("This can't be undone any more: the originals were dropped.")
            raise state.nothing_here(tables)
        lost = losses(now=now)
        if lost and not discard_changes:
            raise AdoptionError(
                "Nothing was undone: the new book has been used since, and this would be lost.",
                [*lost, "Add --discard-changes to lose it."],
            )
        _swap()
        say("Old tables: back in their place, as they were.")
        finish(say)


def finish(say: Say) -> bool:
    """Clear away what an undo (perhaps a killed one) has set aside; whether there was anything."""
    tables = schema.tables()
    aside = sorted({UNDONE + table for table in state.scheduling_tables()} & tables)
    recorded = state.place(tables) is Place.HERE and any(
        label == "scheduling" for label, _ in MigrationRecorder(connection).applied_migrations()
    )
    if not aside and not recorded:
        return False
    if recorded:
        fresh.forget_migrations({"scheduling"})
    fresh.drop(aside)
    say("New tables: dropped. Accounts and sign-ins stay.")
    return True


def losses(*, now: datetime) -> list[str]:
    """What an undo would lose, a line for each table; empty is good."""
    tables = schema.tables()
    if set(schema.EXPECTED) <= tables and state.matching_rows():
        made = verify.terms(verify.Terms(now, SHORTEST_VISIT, ZoneInfo("UTC")))
        plan = make_plan(
            read(PREFIX), now=made.now, zone=made.zone, minutes=made.minutes, make_uuid=writing.new_uuid
        )
        return [str(difference) for difference in verify.differences(writing.rows(plan))]
    used = [table for table in state.scheduling_tables() if table in tables and state.has_rows(table)]
    return [f"{table}: all of its rows" for table in used]


def _swap() -> None:
    """The new tables aside and the old ones back, in one statement."""
    tables = schema.tables()
    fresh.drop(sorted({UNDONE + table for table in state.scheduling_tables()} & tables))
    new = [(table, UNDONE + table) for table in state.scheduling_tables() if table in tables]
    rename([*new, *((PREFIX + table, table) for table in OLD_TABLES)])
