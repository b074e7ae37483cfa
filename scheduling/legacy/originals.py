"""The end of the adoption: the kept originals go, when a person says so."""

from collections.abc import Callable

from django.db import connection

from scheduling.legacy import schema, state, verify
from scheduling.legacy.fresh import drop
from scheduling.legacy.reading import read
from scheduling.legacy.schema import OLD_TABLES, PREFIX
from scheduling.legacy.state import Place
from scheduling.legacy.stopped import AdoptionError, Say


def drop_originals(*, confirmed: Callable[[str], bool], say: Say) -> None:
    """Drop the legacy_ tables, if all of them is in the new ones and `confirmed` (called with the
    database's name) says yes. Raises AdoptionError."""
    state.refuse_other_engines()
    with state.alone():
        tables = schema.tables()
        where = state.place(tables)
        if where is Place.HERE:
            raise AdoptionError("Nothing was dropped: this database is not adopted yet.")
        if where is Place.ABSENT:
            if not state.adopted_without_originals(tables):
                raise state.nothing_here(tables)
            say("The originals were dropped before: there is nothing to do.")
            return
        # Once some are gone there is nothing left to compare; they were compared before the first went.
        if where is Place.ASIDE:
            _refuse_unless_all_is_there(say)
        elif not state.adopted_without_originals(tables):
            raise state.nothing_here(tables)
        if not confirmed(str(connection.settings_dict["NAME"])):
            raise AdoptionError("Nothing was dropped.")
        # Children first, so that each one that goes leaves the others whole.
        drop([PREFIX + table for table in reversed(OLD_TABLES) if PREFIX + table in tables])
        say("The originals are dropped. This adoption can't be undone any more.")


def _refuse_unless_all_is_there(say: Say) -> None:
    problems = schema.look(PREFIX).problems
    if not problems and not state.is_copied(schema.tables()):
        problems = ["The copy is not made yet."]
    if not problems:
        book = read(PREFIX)
        problems = verify.lasting(book)
        say(f"Verified: {sum(len(rows) for rows in book.tables().values())} old rows looked up.")
    if problems:
        raise AdoptionError("Nothing was dropped: the new book does not hold all of the old one.", problems)
