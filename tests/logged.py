"""What the site writes and reports, kept instead."""

import io
import logging
import logging.config
from contextlib import contextmanager

import sentry_sdk
from sentry_sdk.transport import Transport

from appointments_site import error_reports, logs

OURS = ("accounts", "appointments_site", "scheduling")


@contextmanager
def written(chosen="line"):
    """A stream, to which the site's own handler writes, and our own loggers all that they ever say."""
    stream = io.StringIO()
    handler = _configured(chosen, "console")
    handler.setStream(stream)
    levels = {name: logging.getLogger(name).level for name in OURS}
    with _beside_others(handler):
        for name in OURS:
            logging.getLogger(name).setLevel(logging.DEBUG)
        try:
            yield stream
        finally:
            for name, level in levels.items():
                logging.getLogger(name).setLevel(level)


class Kept(Transport):
    """Stands in for the way to Sentry."""

    def __init__(self):
        super().__init__()
        self.sent = []

    def capture_envelope(self, envelope):
        self.sent.append(envelope)

    @property
    def text(self):
        """All that would have left this machine."""
        return "\n".join(envelope.serialize().decode() for envelope in self.sent)

    @property
    def events(self):
        return [envelope.get_event() for envelope in self.sent]


@contextmanager
def reported(**options):
    """What would have reached Sentry."""
    transport = Kept()
    dsn = "https://0123456789abcdef@sentry.example/1"
    sentry_sdk.init(dsn, transport=transport, **error_reports.options("1.2.3") | options)
    try:
        with _beside_others(_configured("line", "reports")):
            yield transport
    finally:
        sentry_sdk.get_client().close()
        sentry_sdk.get_global_scope().set_client(None)


def _configured(chosen, name):
    """A handler, as the settings have it."""
    configurator = logging.config.DictConfigurator(logs.settings(chosen, reports=True))
    config = configurator.config
    for kind, make in (
        ("formatters", configurator.configure_formatter),
        ("filters", configurator.configure_filter),
    ):
        for each in config[kind]:
            config[kind][each] = make(config[kind][each])
    return configurator.configure_handler(config["handlers"][name])


@contextmanager
def _beside_others(handler):
    logging.getLogger().addHandler(handler)
    try:
        yield
    finally:
        logging.getLogger().removeHandler(handler)
