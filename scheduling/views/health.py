"""For machines: is the process alive, and can it serve?"""

import time

from django.conf import settings
from django.db import Error, connection
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from scheduling.access import public
from scheduling.database import probe
from scheduling.database.journal import journal
from scheduling.notices import watching


@public
@never_cache
@require_safe
def alive(request: HttpRequest) -> HttpResponse:
    """200 and the version, as long as the process answers; asks nothing of the database."""
    return HttpResponse(f"alive {settings.VERSION}\n", content_type="text/plain")


@public
@never_cache
@require_safe
def ready(request: HttpRequest) -> HttpResponse:
    """200 when the database answers, can be written to and has every migration; else 503 with one word.

    That messages to patients wait is said in a second line: no server is taken out for that.
    """
    found = journal.lasts(time.monotonic())
    if found is not None:
        return _not_ready(found)
    try:
        if connection.in_atomic_block:  # where our own locks would stand in the way
            waiting, trouble = probe.waits_for_migrations(connection), watching.trouble()
        else:
            with probe.impatient() as apart:
                waiting, trouble = probe.waits_for_migrations(apart), ""
                if not waiting:
                    probe.ask_for_writing(apart)
                    trouble = watching.trouble(watching.over(apart))
    except Error as error:
        return _not_ready(probe.reason(error) or "database")
    if waiting:
        return _not_ready("migrations")
    more = "messages wait\n" if trouble else ""
    return HttpResponse(f"ready\n{more}", content_type="text/plain")


def _not_ready(word: str) -> HttpResponse:
    response = HttpResponse(f"{word}\n", status=503, content_type="text/plain")
    response._has_been_logged = True  # type: ignore[attr-defined]  # it is asked every few seconds
    return response
