"""Rows that are over, cleared away."""

from datetime import datetime

from django.utils.translation import gettext

import accounts.clearing
from scheduling.booking import proving
from scheduling.notices import clearing as texts_of_messages


def clear(now: datetime) -> str:
    cleared, texts = accounts.clearing.clear(now=now), texts_of_messages.clear(now=now)
    openings = proving.clear(now=now)
    said = gettext(
        "Cleared: %(sessions)s ended sessions, %(tries)s old sign-in attempts, %(forms)s old forms, "
        "%(openings)s old counts of wrong birth dates, the texts of %(texts)s old messages."
    )
    numbers = {"sessions": cleared.sessions, "tries": cleared.tries, "forms": cleared.forms}
    return said % {**numbers, "openings": openings, "texts": texts}
