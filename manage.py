#!/usr/bin/env python
"""Django's command line for the appointment book."""

import sys

from appointments_site.startup import exit_for_settings


def main() -> None:
    from django.core.exceptions import ImproperlyConfigured
    from django.core.management import execute_from_command_line
    from django.db.utils import DatabaseError

    from appointments_site import database

    try:
        database.require_driver()
        execute_from_command_line(sys.argv)
    except ImproperlyConfigured as error:
        exit_for_settings(error)
    except DatabaseError:
        # A database that is away is told in one line; any other error keeps its traceback.
        database.exit_if_unreachable()
        raise


if __name__ == "__main__":
    main()
