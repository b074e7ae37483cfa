"""What each way to start the site does first: settings that are complete, a database that answers."""

import os
import sys
from collections.abc import Callable
from typing import Final, NoReturn, TypeVar

Application = TypeVar("Application")

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "appointments_site.settings")

# gunicorn starts a worker that fails again and again, unless it leaves with this code (its own
# WORKER_BOOT_ERROR): then the master ends too, also where gunicorn.conf.py was not read. Not for manage.py:
# to the parent of runserver the same 3 means "start me again".
WORKER_BOOT_ERROR: Final = 3


def serve(make_application: Callable[[], Application]) -> Application:
    """The application for a server, after the database was tried; leaves with one line otherwise."""
    from django.core.exceptions import ImproperlyConfigured

    from appointments_site import database

    try:
        database.require_driver()
        application = make_application()
        database.announce()
    except ImproperlyConfigured as error:
        tell_settings_error(error)
        raise SystemExit(WORKER_BOOT_ERROR) from None
    except SystemExit:
        raise SystemExit(WORKER_BOOT_ERROR) from None
    return application


def tell_settings_error(error: Exception) -> None:
    """One line on standard error."""
    sys.stderr.write(f"Settings: {' '.join(str(error).split())}\n")
    sys.stderr.flush()


def exit_for_settings(error: Exception) -> NoReturn:
    """The same for the command line, and leave."""
    tell_settings_error(error)
    raise SystemExit(1) from None
