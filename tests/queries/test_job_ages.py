"""How the jobs go, as Prometheus is told."""

from datetime import timedelta

import pytest
from prometheus_client import CollectorRegistry, generate_latest

from scheduling.models import Job
from scheduling.queries.job_ages import JobAges
from tests.conftest import NOW

pytestmark = pytest.mark.django_db


def test_each_job_says_when_it_was_done_and_is_due_and_how_often_it_failed(django_assert_num_queries):
    Job.objects.create(name="clear", due_at=NOW, succeeded_at=NOW - timedelta(hours=1))
    Job.objects.create(name="back_up", due_at=NOW, failures=3)
    Job.objects.create(name="write_day_sheets", due_at=NOW, is_on=False)
    registry = CollectorRegistry()
    registry.register(JobAges())
    with django_assert_num_queries(1):
        told = generate_latest(registry).decode().splitlines()
    values = dict(line.split() for line in told if not line.startswith("#"))
    seconds = {name: float(value) - NOW.timestamp() for name, value in values.items() if "timestamp" in name}
    assert seconds == {
        'clinic_job_due_timestamp_seconds{job="back_up"}': 0,
        'clinic_job_due_timestamp_seconds{job="clear"}': 0,
        'clinic_job_last_success_timestamp_seconds{job="clear"}': -3600,
    }
    assert values['clinic_job_failures{job="back_up"}'] == "3.0"
