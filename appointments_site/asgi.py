"""The ASGI entry point: `appointments_site.asgi`."""

from django.core.asgi import get_asgi_application

from appointments_site.startup import serve

application = serve(get_asgi_application)
