"""The WSGI entry point: `gunicorn appointments_site.wsgi`."""

from django.core.wsgi import get_wsgi_application

from appointments_site.startup import serve

application = serve(get_wsgi_application)
