"""The ASGI entry point: `appointments_site.asgi`."""

import os

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "appointments_site.settings")
application = get_asgi_application()

from appointments_site.database import announce  # noqa: E402  (needs the settings)

announce()
