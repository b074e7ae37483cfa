"""How a backup or a restore says that it could not be done."""


class BackupFailed(Exception):
    """`str()` says why, and what was left as it was; without a password."""
