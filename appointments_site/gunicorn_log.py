"""gunicorn's own lines, in the form of the others."""

from typing import Any

from gunicorn import glogging

from appointments_site.logs import AsSet


class Logger(glogging.Logger):  # type: ignore[misc]  # gunicorn has no types
    """Wherever it writes to."""

    def setup(self, cfg: Any) -> None:
        super().setup(cfg)
        for handler in self.error_log.handlers:
            handler.setFormatter(AsSet())
