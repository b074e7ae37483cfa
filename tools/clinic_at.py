"""The demo clinic as it stands at one moment: `python -m tools.clinic_at 2026-03-03T10:37+01:00 8123`.

Only for pictures, in `.venv`, on a new database (DATABASE_URL). The clock of this process stands still.
"""

from __future__ import annotations

import os
import sys
from datetime import datetime

import time_machine


def main() -> None:
    moment, port = datetime.fromisoformat(sys.argv[1]), sys.argv[2]
    os.environ["DJANGO_SETTINGS_MODULE"] = "appointments_site.settings"
    import django
    from django.core.management import call_command

    with time_machine.travel(moment, tick=False):
        django.setup()
        call_command("migrate", verbosity=0)
        call_command("load_demo")
        call_command("runserver", f"127.0.0.1:{port}", use_reloader=False)


if __name__ == "__main__":
    main()
