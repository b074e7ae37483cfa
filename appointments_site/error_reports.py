"""Faults, reported to Sentry or to what speaks its language, where SENTRY_DSN names one.

What is reported is what is logged as an error. An event is made anew of the few things listed here: where in
the source it happened, on which page, under which id. What else Sentry's client gathers is left out, with
every value.
"""

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from django.core.exceptions import ImproperlyConfigured

from appointments_site.logs import without_identities
from appointments_site.request_ids import id_of_record

if TYPE_CHECKING:
    from sentry_sdk.types import Event, Hint

OURS: Final = ("accounts", "appointments_site", "scheduling")
REPORTED: Final = frozenset({"error", "fatal"})
KEPT: Final = (
    "event_id",
    "timestamp",
    "platform",
    "level",
    "logger",
    "release",
    "environment",
    "sdk",
    "modules",
)
OF_A_FRAME: Final = (
    "filename",
    "abs_path",
    "module",
    "function",
    "lineno",
    "pre_context",
    "context_line",
    "post_context",
    "in_app",
)
DATABASES_NUMBER: Final = re.compile(r"\((\d+), ")


def start(dsn: str, release: str) -> bool:
    """Whether faults are reported from now on. Raises ImproperlyConfigured."""
    if not dsn:
        return False
    try:
        import sentry_sdk
    except ImportError as error:
        raise ImproperlyConfigured(
            "SENTRY_DSN is set, and sentry-sdk is not installed: pip install -r requirements-sentry.txt"
        ) from error
    try:
        sentry_sdk.init(dsn, **options(release))
    except ValueError as error:  # not repeated: it holds a key
        raise ImproperlyConfigured(
            "SENTRY_DSN is not understood. Use https://KEY@HOST/PROJECT, as Sentry shows it."
        ) from error
    return True


def options(release: str) -> dict[str, Any]:
    """No integration with Django: nothing of a request or a query is taken down in the first place."""
    from sentry_sdk.integrations.atexit import AtexitIntegration
    from sentry_sdk.integrations.dedupe import DedupeIntegration
    from sentry_sdk.integrations.excepthook import ExcepthookIntegration

    return {
        "release": release,
        "default_integrations": False,
        "auto_enabling_integrations": False,
        "integrations": [
            AtexitIntegration(callback=lambda pending, timeout: None),  # says nothing while it waits
            DedupeIntegration(),
            ExcepthookIntegration(),  # commands
        ],
        "max_request_body_size": "never",
        "include_local_variables": False,
        "max_breadcrumbs": 0,
        "before_breadcrumb": lambda crumb, hint: None,
        "before_send": cleaned,
        "before_send_transaction": lambda event, hint: None,
        "auto_session_tracking": False,
        "send_client_reports": False,
        "enable_backpressure_handling": False,  # a thread that asks itself how it is
        "spotlight": False,
    }


def cleaned(event: "Event", hint: "Hint") -> "Event | None":
    """What is sent of it; None for what the log calls a warning."""
    given: Mapping[str, Any] = event
    if given.get("level", "error") not in REPORTED:
        return None
    made: dict[str, Any] = {name: given[name] for name in KEPT if name in given}
    if "exception" in given:
        made["exception"] = {"values": [_exception(each) for each in given["exception"].get("values", ())]}
    record = hint.get("log_record")
    if record is not None:
        made["logentry"] = {"message": _said(record.name, given["logentry"])}
        made["tags"] = {"request_id": id_of_record(record) or "-"}
        made |= _asked(getattr(record, "request", None))
    return made  # type: ignore[return-value]


def _exception(given: Mapping[str, Any]) -> dict[str, Any]:
    number = DATABASES_NUMBER.match(str(given.get("value") or ""))
    frames = (given.get("stacktrace") or {}).get("frames") or ()
    return {
        "type": given.get("type"),
        "module": given.get("module"),
        "value": f"{number[1]}, …" if number else "…",
        "mechanism": {name: (given.get("mechanism") or {}).get(name) for name in ("type", "handled")},
        "stacktrace": {
            "frames": [{name: frame[name] for name in OF_A_FRAME if name in frame} for frame in frames]
        },
    }


def _said(logger: str, entry: Mapping[str, Any]) -> str:
    """What our own loggers say names nobody; of others only the sentence, without what is filled in."""
    is_ours = logger.partition(".")[0] in OURS
    return without_identities(str(entry["formatted" if is_ours else "message"]))


def _asked(request: Any) -> dict[str, Any]:
    if request is None:
        return {}
    match = request.resolver_match
    return {
        "transaction": match.view_name if match is not None else "none",
        "request": {"method": request.method, "url": without_identities(request.path)},
    }
