"""The adoption, step by step. Every step looks at the database to see whether it is done."""

from dataclasses import dataclass
from datetime import datetime
from typing import TextIO
from zoneinfo import ZoneInfo

from django.db import IntegrityError, transaction

from scheduling.legacy import fresh, report, schema, state, undo, verify, writing
from scheduling.legacy.faults import faults
from scheduling.legacy.plan import Plan, make_plan, summary
from scheduling.legacy.reading import OldBook, read
from scheduling.legacy.renaming import rename
from scheduling.legacy.schema import PREFIX
from scheduling.legacy.state import Place
from scheduling.legacy.stopped import AdoptionError, Say


@dataclass(frozen=True)
class Wanted:
    """What the operator asked for. `now` is aware UTC; `report` is an open text file or None."""

    now: datetime
    zone: ZoneInfo
    minutes: int
    say: Say
    report: TextIO | None = None


def adopt(wanted: Wanted) -> None:
    """Do all steps that are not done yet. Raises AdoptionError with what a person has to know."""
    state.refuse_other_engines()
    with state.alone():
        undo.finish(wanted.say)
        where = _find(wanted.say)
        if where is None:
            return
        book = check(where, wanted)
        set_aside(where, wanted.say)
        if state.is_copied(schema.tables()):
            wanted.say("3. New tables: found done.")
            _find_copied(book, wanted)
        else:
            fresh.make_schema(wanted.say)
            wanted.say("3. New tables: made, in utf8mb4.")
            _copy(book, wanted)
        _say_what_is_next(wanted.say)


def rehearse(wanted: Wanted) -> None:
    """Read, decide and tell; touch nothing. Raises AdoptionError as `adopt` would."""
    state.refuse_other_engines()
    where = _find(wanted.say)
    if where is None:
        return
    wanted.say("Dry run: nothing is changed.")
    book = check(where, wanted)
    aside = where is Place.ASIDE
    copied = aside and state.is_copied(schema.tables())
    made = copied or (aside and fresh.is_whole())
    wanted.say(f"2. Old tables: {_done(aside, f'would be set aside as {PREFIX}*')}.")
    wanted.say(f"3. New tables: {_done(made, 'would be made, in utf8mb4')}.")
    wanted.say(f"4. Copy: {_done(copied, 'would be made')}.")
    plan = plan_of(book, wanted, copied=copied)
    _tell(plan, wanted)


def _done(is_done: bool, otherwise: str) -> str:
    return "found done" if is_done else otherwise


def _find(say: Say) -> Place | None:
    """Where the old tables are; None where all is done and there is nothing left to look at."""
    tables = schema.tables()
    where = state.place(tables)
    if where in (Place.HERE, Place.ASIDE):
        return where
    if not state.adopted_without_originals(tables):
        raise state.nothing_here(tables)
    if where is Place.PARTLY_DROPPED:
        say("Already adopted. The originals are partly dropped: --drop-originals finishes that.")
    else:
        say("Already adopted, and the originals were dropped: there is nothing to do.")
    return None


def check(where: Place, wanted: Wanted) -> OldBook:
    """Step 1: the old book, if its schema and rows are such that all of it can be copied."""
    prefix = PREFIX if where is Place.ASIDE else ""
    found = schema.look(prefix)
    problems = list(found.problems)
    if where is Place.HERE:
        problems += fresh.in_the_way()
    touched = "Nothing was touched" if where is Place.HERE else "Nothing more was touched"
    if problems:
        raise AdoptionError(f"{touched}: this is not the database that was expected.", problems)
    book = read(prefix)
    problems = faults(book, prefix)
    if problems:
        raise AdoptionError(f"{touched}: these rows have to be put right first.", problems)
    rows = ", ".join(f"{len(rows)} {table}" for table, rows in book.tables().items())
    wanted.say(f"1. Old tables: as expected at {schema.REVISION} ({rows}).")
    for notice in found.notices:
        wanted.say(f"  Note: {notice}")
    return book


def set_aside(where: Place, say: Say) -> None:
    """Step 2: all five old tables renamed in one statement, which the server does whole or not at all."""
    if where is Place.ASIDE:
        say("2. Old tables: found set aside.")
        return
    rename((table, PREFIX + table) for table in schema.OLD_TABLES)
    say(f"2. Old tables: set aside as {PREFIX}*.")


def plan_of(book: OldBook, wanted: Wanted, *, copied: bool) -> Plan:
    """The plan on the terms asked for, or on those of the adoption that was made."""
    asked = verify.Terms(wanted.now, wanted.minutes, wanted.zone)
    terms = verify.terms(asked) if copied else asked
    return make_plan(book, now=terms.now, zone=terms.zone, minutes=terms.minutes, make_uuid=writing.new_uuid)


def _tell(plan: Plan, wanted: Wanted) -> None:
    for line in summary(plan):
        wanted.say(f"  {line}")
    if wanted.report is not None:
        wanted.say(f"  Report: {report.write(wanted.report, plan)} lines written.")


def _copy(book: OldBook, wanted: Wanted) -> None:
    """Steps 4 and 5."""
    plan = plan_of(book, wanted, copied=False)
    rows = writing.rows(plan)
    try:
        with transaction.atomic(durable=True):
            if state.is_copied(schema.tables()):
                raise AdoptionError("Another program has made the copy meanwhile. Run this again.")
            writing.save(rows)
    except IntegrityError as error:
        raise AdoptionError(
            "The copy was taken back: someone wrote into the new tables meanwhile. Stop the application "
            "and run this again."
        ) from error
    wanted.say("4. Copy: made.")
    _tell(plan, wanted)
    problems = verify.lasting(book) + [str(difference) for difference in verify.differences(rows)]
    if problems:
        raise AdoptionError("5. The copy is not what it should be; --undo takes it back.", problems)
    _say_verified(book, wanted.say)
    wanted.say(
        f"  Row by row, column by column: {len(rows.patients)} patients, {len(rows.appointments)} "
        f"appointments with {len(rows.events)} events, {len(rows.claims)} claims, {len(rows.flags)} flags."
    )


def _find_copied(book: OldBook, wanted: Wanted) -> None:
    """Steps 4 and 5 where the copy is there: only what normal use can't have changed must be as it was."""
    plan = plan_of(book, wanted, copied=True)
    wanted.say("4. Copy: found done. This database is already adopted; nothing is changed.")
    _tell(plan, wanted)
    problems = verify.lasting(book)
    if problems:
        raise AdoptionError("5. Rows of the old book are not there as they should be.", problems)
    _say_verified(book, wanted.say)
    used = verify.differences(writing.rows(plan))
    for difference in used:
        wanted.say(f"  Since the copy, in normal use: {difference}")


def _say_verified(book: OldBook, say: Say) -> None:
    count = sum(len(rows) for rows in book.tables().values())
    say(
        f"5. Verified: all {count} old rows are there with their ids and uuids, and all "
        f"{len(book.appointments)} appointments with their original texts."
    )


def _say_what_is_next(say: Say) -> None:
    say("Next:")
    say("  - make an account for the first manager with createsuperuser: the old book had no accounts;")
    say("  - record kinds of visit and the doctors' working hours in the admin: the old book had neither;")
    say("  - go through what needs attention: every doubt of this adoption is on that list;")
    say("  - when you are sure, drop the kept originals with --drop-originals; until then --undo goes back.")
