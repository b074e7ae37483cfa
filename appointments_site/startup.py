"""What each way to start the site does first: settings that are complete, a database that answers."""

import os
import sys
from collections.abc import Callable
from typing import NoReturn, TypeVar

Application = TypeVar("Application")

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "appointments_site.settings")


def serve(make_application: Callable[[], Application]) -> Application:
    """The application for a server, after the database was tried; leaves with one line otherwise."""
    from django.core.exceptions import ImproperlyConfigured

    from appointments_site import database

    try:
        database.announce()
        return make_application()
    except ImproperlyConfigured as error:
        settings_error(error)


def settings_error(error: Exception) -> NoReturn:
    """One line on standard error, and the code at which gunicorn's master ends too."""
    sys.stderr.write(f"Settings: {' '.join(str(error).split())}\n")
    sys.stderr.flush()
    raise SystemExit(3) from None
