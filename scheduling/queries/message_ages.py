"""How messages to patients wait, for Prometheus: read each time that it asks. 1 query."""

from collections.abc import Iterator

from django.db.models import Count, Min, Q
from prometheus_client import Metric
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from scheduling.models import Notice

State = Notice.State


class MessageAges(Collector):
    def collect(self) -> Iterator[Metric]:
        """How many wait and since when the oldest one is due (Unix time), and how many have failed about
        which nobody did anything yet."""
        failed = Q(state=State.FAILED, settled_at=None)
        waiting = Q(state=State.DUE)
        found = (
            Notice.objects.filter(waiting | failed)
            .order_by()
            .aggregate(
                oldest=Min("due_at", filter=waiting),
                waiting=Count("pk", filter=waiting),
                failed=Count("pk", filter=failed),
            )
        )
        oldest = GaugeMetricFamily(
            "clinic_messages_oldest_due_timestamp_seconds", "When the message was due that waits longest."
        )
        if found["oldest"] is not None:
            oldest.add_metric([], found["oldest"].timestamp())
        yield oldest
        yield GaugeMetricFamily(
            "clinic_messages_waiting", "Messages to patients that wait.", value=found["waiting"]
        )
        yield GaugeMetricFamily(
            "clinic_messages_failed",
            "Messages that failed, and nobody has told the patient yet.",
            value=found["failed"],
        )
