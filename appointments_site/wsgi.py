"""The WSGI entry point: `gunicorn appointments_site.wsgi`."""

from collections.abc import Callable, Iterable
from typing import Any, TypeAlias

from django.core.wsgi import get_wsgi_application

from appointments_site.startup import serve

Application: TypeAlias = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


def _make_application() -> Application:
    program = get_wsgi_application()
    from appointments_site import loading  # needs settings that are complete
    from appointments_site.outermost import refusing

    loading.load()
    return refusing(program)


application = serve(_make_application)
