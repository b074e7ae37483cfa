"""The site started in a process of its own, as an operator starts it."""

import os
import sys
from pathlib import Path

from django.conf import settings

from tests.forked import Forked

ROOT = Path(settings.BASE_DIR)
PASSWORD = "s3cret-Pa55"
AWAY = f"mysql://root:{PASSWORD}@localhost/clinic?unix_socket=/nonexistent/socket"
SECRET = "for-tests-only-8Jt2mQfVb0xYw4sLr6nKd9cHzPaE7uGi3oTk1XyBvNqMl5Wj"
GUNICORN = [sys.executable, "-m", "gunicorn", "appointments_site.wsgi"]
PRODUCTION = {"DEBUG": "false", "SECRET_KEY": SECRET, "ALLOWED_HOSTS": "clinic.example"}


_forked = Forked()


def manage(*arguments):
    return [sys.executable, "manage.py", *arguments]


def run(command, **environment):
    environment = os.environ | {"DEBUG": "true", **environment}
    environment.pop("DJANGO_ALLOW_ASYNC_UNSAFE", None)  # for browser tests, and an error in production
    return _forked.run(command[1:], cwd=ROOT, env=environment)


def assert_one_line(done, begins):
    assert done.returncode != 0
    assert done.stdout == ""
    lines = done.stderr.splitlines()
    assert len(lines) == 1, done.stderr
    assert lines[0].startswith(begins)
    assert PASSWORD not in lines[0]
