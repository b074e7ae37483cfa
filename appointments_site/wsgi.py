"""The WSGI entry point: `gunicorn appointments_site.wsgi`."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "appointments_site.settings")
application = get_wsgi_application()

from appointments_site.database import announce  # noqa: E402  (needs the settings)

announce()
