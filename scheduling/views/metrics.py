"""Numbers for Prometheus, for whoever has the token. Without it there is no such page."""

import logging
from collections.abc import Iterable, Iterator
from hmac import compare_digest
from typing import Final

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_PLAIN_0_0_4, Metric, generate_latest
from prometheus_client.registry import Collector

from scheduling import metrics
from scheduling.access import public
from scheduling.database.breaker import breaker
from scheduling.queries import job_ages, message_ages

# Those that read the database, once for each time that the page is asked.
READ_WHEN_ASKED: Final[tuple[Collector, ...]] = (job_ages.JobAges(), message_ages.MessageAges())

logger = logging.getLogger(__name__)


@public
@csrf_exempt  # else a POST would be told from one to a page that does not exist
def page(request: HttpRequest) -> HttpResponse:
    given = request.headers.get("Authorization", "").encode()
    token = settings.METRICS_TOKEN
    if not token or not compare_digest(given, f"Bearer {token}".encode()):
        raise Http404
    return _numbers(request)


@never_cache
@require_safe
def _numbers(request: HttpRequest) -> HttpResponse:
    """Also while the database is away: then without what is read from it."""
    registry = metrics.registry()
    if breaker.refusal(writes=False) is None:
        for collector in READ_WHEN_ASKED:
            registry.register(MayFail(collector))
    return HttpResponse(generate_latest(registry), content_type=CONTENT_TYPE_PLAIN_0_0_4)


class MayFail(Collector):
    """What one of them cannot read is missing, and all the rest is there."""

    def __init__(self, collector: Collector) -> None:
        self.collector = collector

    def describe(self) -> Iterable[Metric]:
        return ()

    def collect(self) -> Iterator[Metric]:
        try:
            yield from list(self.collector.collect())
        except Exception as error:
            name = type(self.collector).__name__
            logger.warning("%s could not be read: %s", name, type(error).__name__)
