#!/usr/bin/env python
"""Django's command line for the appointment book."""

import os
import sys


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "appointments_site.settings")
    from django.core.exceptions import ImproperlyConfigured
    from django.core.management import execute_from_command_line
    from django.db.utils import OperationalError

    try:
        execute_from_command_line(sys.argv)
    except ImproperlyConfigured as error:
        sys.exit(f"Settings: {error}")
    except OperationalError:
        # A server that is away is told in one line; any other database error keeps its traceback.
        from appointments_site.database import exit_if_unreachable

        exit_if_unreachable()
        raise


if __name__ == "__main__":
    main()
