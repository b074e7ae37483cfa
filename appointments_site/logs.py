"""How the log is written. Kept out of it are identities of visits, which are addresses of patients' pages,
and tracebacks of requests that were refused, which anybody can send by the thousand."""

import logging
import re
from typing import Final

IDENTITY: Final = re.compile(r"\b[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\b", re.IGNORECASE)
PATIENTS_PAGE: Final = re.compile(r"(/appointment/)[^\s'\"]+")
LONGEST: Final = 300  # characters about a refused request
BAD_HOST: Final = "django.security.DisallowedHost"


def without_identities(text: str) -> str:
    return PATIENTS_PAGE.sub(r"\1…", IDENTITY.sub("…", text))


SETTINGS: Final = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {
            "()": "appointments_site.logs.Line",
            "format": "%(asctime)s %(levelname)s %(name)s %(message)s",
        }
    },
    "filters": {"refusals": {"()": "appointments_site.logs.RefusalsInOneLine"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["refusals"]}},
    "root": {"handlers": ["console"], "level": "INFO"},
    # axes names the user who mistyped a password: that stays in its table.
    "loggers": {"axes": {"level": "ERROR"}},
}


class Line(logging.Formatter):
    """A record without identities, tracebacks included."""

    def format(self, record: logging.LogRecord) -> str:
        return without_identities(super().format(record))


class RefusalsInOneLine(logging.Filter):
    """What Django says of a refused request (400 to 499) becomes a warning of one line."""

    def filter(self, record: logging.LogRecord) -> bool:
        status = getattr(record, "status_code", 0)
        if record.name == BAD_HOST or 400 <= status < 500:
            record.msg, record.args = " ".join(record.getMessage().split())[:LONGEST], ()
            record.exc_info = record.exc_text = None
            if record.levelno > logging.WARNING:
                record.levelno, record.levelname = logging.WARNING, "WARNING"
        return True


class WithoutIdentities(logging.Filter):
    """For a logger whose handlers are another program's."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg, record.args = without_identities(record.getMessage()), ()
        return True
