"""Rows that are over, cleared away."""

from datetime import datetime

from django.utils.translation import gettext

import accounts.clearing


def clear(now: datetime) -> str:
    cleared = accounts.clearing.clear(now=now)
    said = gettext(
        "Cleared: %(sessions)s ended sessions, %(tries)s old sign-in attempts, %(forms)s old forms."
    )
    return said % {"sessions": cleared.sessions, "tries": cleared.tries, "forms": cleared.forms}
