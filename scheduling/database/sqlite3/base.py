"""Named as Django looks for it."""

from django.db.backends.sqlite3 import base

from scheduling.database.limits import Limited


class DatabaseWrapper(Limited, base.DatabaseWrapper):
    """Django's, limited."""
