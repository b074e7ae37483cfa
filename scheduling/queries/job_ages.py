"""How the jobs go, for Prometheus: read from their rows each time that it asks. 1 query."""

from collections.abc import Iterator

from prometheus_client import Metric
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from scheduling.models import Job


class JobAges(Collector):
    def collect(self) -> Iterator[Metric]:
        """For each job: when it was last done, when it is due (Unix time), how often it failed since."""
        done = GaugeMetricFamily(
            "clinic_job_last_success_timestamp_seconds", "When a job was last done.", labels=["job"]
        )
        due = GaugeMetricFamily("clinic_job_due_timestamp_seconds", "When a job is due.", labels=["job"])
        failures = GaugeMetricFamily(
            "clinic_job_failures", "How often a job has failed since it was last done.", labels=["job"]
        )
        for job in Job.objects.filter(is_on=True):
            if job.succeeded_at is not None:
                done.add_metric([job.name], job.succeeded_at.timestamp())
            due.add_metric([job.name], job.due_at.timestamp())
            failures.add_metric([job.name], job.failures)
        yield from (done, due, failures)
