"""Row about room on the disk. Read before anything else is written."""

from __future__ import annotations

from pathlib import Path

from django.db import connection

from bench.timing import Spread

TABLES = ("appointments", "claims", "appointment_events")


def bytes_stored() -> int:
    """The SQLite file; on MySQL and MariaDB the data and indexes of the tables that grow with each visit."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        return Path(connection.settings_dict["NAME"]).stat().st_size
    with connection.cursor() as cursor:
        cursor.execute(f"ANALYZE TABLE {', '.join(TABLES)}")
        cursor.fetchall()
        cursor.execute(
            "SELECT SUM(data_length + index_length) FROM information_schema.tables "
            "WHERE table_schema = DATABASE() AND table_name IN (%s, %s, %s)",
            TABLES,
        )
        return int(cursor.fetchone()[0])


def per_appointment(before: int, after: int, appointments: int) -> Spread:
    return Spread.of([(after - before) / appointments])
