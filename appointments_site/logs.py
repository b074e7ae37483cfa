"""How the log is written: lines, or JSON (LOG_FORMAT), in UTC, each with its request's id.

Kept out of it are identities of visits, which are addresses of patients' pages, and addresses of doctors'
calendars; what an exception says, which may be what somebody typed; and tracebacks of requests that were
refused, which anybody can send by the thousand.
"""

import json
import logging
import os
import re
from datetime import UTC, datetime
from functools import cache
from traceback import format_tb
from types import TracebackType
from typing import Any, Final, Literal, TypeAlias

from appointments_site.request_ids import id_of_record

ExcInfo: TypeAlias = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]

IDENTITY: Final = re.compile(r"\b[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\b", re.IGNORECASE)
KEPT_IN_THE_ADDRESS: Final = re.compile(r"(/(?:appointment|calendar)/)[^\s'\"]+")
QUERY: Final = re.compile(r"(/[^\s'\"?]*\?)[^\s'\"]+")
LONGEST: Final = 300  # characters about a refused request
BAD_HOST: Final = "django.security.DisallowedHost"
# Answers that programs count on: the time is taken, the visit was changed meanwhile, a value will not do.
NORMAL: Final = frozenset({409, 412, 422})

Format = Literal["line", "json"]
FORMATS: Final[tuple[Format, ...]] = ("line", "json")
LINE: Final = "%(asctime)s %(levelname)s %(name)s [%(request_id)s] %(message)s"


def without_identities(text: str) -> str:
    """The text without visits and calendars, and without what is asked behind the ? of an address."""
    return QUERY.sub(r"\1…", KEPT_IN_THE_ADDRESS.sub(r"\1…", IDENTITY.sub("…", text)))


def said_without_values(error: BaseException) -> str:
    """Which exception it is; of what it says only a database's number, because the rest may hold a value."""
    kind = type(error)
    name = kind.__qualname__ if kind.__module__ == "builtins" else f"{kind.__module__}.{kind.__qualname__}"
    number = error.args[0] if error.args else None
    return f"{name}: {number}, …" if type(number) is int and len(error.args) > 1 else f"{name}: …"


def traceback_without_values(error: BaseException) -> str:
    """Where it happened, with what led to it: files, lines and source, no values."""
    parts: list[str] = []
    following: BaseException | None = error
    seen: set[int] = set()
    while following is not None and id(following) not in seen:
        seen.add(id(following))
        frames = "".join(format_tb(following.__traceback__))
        parts.append(f"Traceback (most recent call last):\n{frames}{said_without_values(following)}")
        hidden = following.__suppress_context__
        following = following.__cause__ or (None if hidden else following.__context__)
    return without_identities("\n\nwhich led to:\n\n".join(reversed(parts)))


class _Cleaned(logging.Formatter):
    """What both forms have in common."""

    def formatTime(self, record: logging.LogRecord, datefmt: str | None = None) -> str:  # noqa: N802
        return datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")

    def formatException(self, ei: ExcInfo) -> str:  # noqa: N802
        return traceback_without_values(ei[1]) if ei[1] is not None else ""

    def formatted(self, record: logging.LogRecord) -> tuple[str, str]:
        """Message and traceback, without values and identities."""
        message = without_identities(record.getMessage())
        # Not `exc_text`: another handler's formatter may have left its own there.
        parts = [self.formatException(record.exc_info)] if record.exc_info else []
        if record.stack_info:
            parts.append(without_identities(record.stack_info))
        return message, "\n".join(part for part in parts if part)


class Line(_Cleaned):
    """One line; a traceback follows it."""

    def __init__(self, fmt: str = LINE) -> None:
        super().__init__(fmt)

    def format(self, record: logging.LogRecord) -> str:
        record.message, traceback = self.formatted(record)
        record.asctime = self.formatTime(record)
        record.request_id = id_of_record(record) or "-"
        line = self.formatMessage(record)
        return f"{line}\n{traceback}" if traceback else line


class Json(_Cleaned):
    """One object a line; a traceback is one of its texts."""

    def format(self, record: logging.LogRecord) -> str:
        message, traceback = self.formatted(record)
        told = {
            "time": self.formatTime(record),
            "level": record.levelname,
            "logger": record.name,
            "message": message,
            "request_id": id_of_record(record),
        }
        return json.dumps(told | ({"traceback": traceback} if traceback else {}), ensure_ascii=False)


@cache
def _formatter(chosen: str) -> logging.Formatter:
    return Json() if chosen == "json" else Line()


class AsSet(logging.Formatter):
    """For gunicorn, whose logger is there before the settings are read: as LOG_FORMAT says by the time that a
    line is written."""

    def format(self, record: logging.LogRecord) -> str:
        return _formatter(os.environ.get("LOG_FORMAT", "")).format(record)


class RefusalsInOneLine(logging.Filter):
    """What Django says of a refused request (400 to 499) becomes one line: a warning, or normal life."""

    def filter(self, record: logging.LogRecord) -> bool:
        status = getattr(record, "status_code", 0)
        if record.name == BAD_HOST or 400 <= status < 500:
            record.msg, record.args = " ".join(record.getMessage().split())[:LONGEST], ()
            record.exc_info = record.exc_text = None
            level = logging.INFO if status in NORMAL else logging.WARNING
            record.levelno, record.levelname = level, logging.getLevelName(level)
        return True


def settings(chosen: Format, *, reports: bool = False) -> dict[str, Any]:
    """Django's LOGGING: everything to standard error, in one form; errors to Sentry too, with `reports`."""
    reporting = {"class": "sentry_sdk.integrations.logging.EventHandler", "level": "ERROR"}
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"chosen": {"()": Json if chosen == "json" else Line}},
        "filters": {"refusals": {"()": RefusalsInOneLine}},
        "handlers": {
            "console": {"class": "logging.StreamHandler", "formatter": "chosen", "filters": ["refusals"]},
            **({"reports": reporting | {"filters": ["refusals"]}} if reports else {}),
        },
        "root": {"handlers": ["console", "reports"] if reports else ["console"], "level": "INFO"},
        "loggers": {
            # Django gives these two handlers of their own, which know nothing of the above.
            "django": {"level": "INFO"},
            "django.server": {"level": "INFO", "propagate": True},
            # axes names the user who mistyped a password: that stays in its table.
            "axes": {"level": "ERROR"},
        },
    }
