"""Several processes do jobs at once, and one of them is killed: each job's work is done once."""

import multiprocessing
import os
import signal
import time
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest
from django.db import connections
from django.utils import timezone

from scheduling.jobs import leases
from scheduling.jobs.registry import Job
from scheduling.jobs.running import Runner
from scheduling.jobs.schedules import Every

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)

JOBS = [f"job-{number}" for number in range(8)]
PROCESSES = 4
fork = multiprocessing.get_context("fork")


def note(path, text):
    with Path(path).open("a") as file:
        file.write(text + "\n")


def work(path, name, now):
    note(path, name)
    time.sleep(0.05)
    return "Done."


def hang(path, now):
    note(path, "begun")
    time.sleep(600)


def jobs_of(path, works):
    return [Job(name, name, Every(timedelta(hours=1)), partial(work, path, name)) for name in works]


def in_a_process(act, *arguments):
    connections.close_all()
    process = fork.Process(target=act, args=arguments, daemon=True)
    process.start()
    return process


def run_together(barrier, path):
    runner = Runner(jobs_of(path, JOBS))
    barrier.wait(60)
    for _ in range(10):
        runner.run_due()


def done_by_all(path):
    barrier = fork.Barrier(PROCESSES)
    for process in [in_a_process(run_together, barrier, path) for _ in range(PROCESSES)]:
        process.join(120)
        assert process.exitcode == 0
    return sorted(path.read_text().split())


def test_each_job_is_done_by_one_of_several_processes(tmp_path):
    assert done_by_all(tmp_path / "notes") == JOBS


def test_the_trial_finds_work_that_is_done_twice(tmp_path, monkeypatch):
    def looks_first(name, holder, *, due_at, now, lease):
        """As somebody would write it without a condition on the row."""
        leases.Job.objects.filter(name=name).update(holder=holder, lease_ends_at=now + lease)
        return True

    monkeypatch.setattr(leases, "take", looks_first)
    assert len(done_by_all(tmp_path / "notes")) > len(JOBS)


def watch_and_hang(path, lease):
    hanging = Job("backup", "Backup", Every(timedelta(hours=1)), partial(hang, path))
    Runner([hanging], lease=lease).run_due()


def test_the_work_of_a_process_that_was_killed_is_done_by_another_when_its_lease_has_run_out(tmp_path):
    path, lease = tmp_path / "notes", timedelta(seconds=2)
    first = in_a_process(watch_and_hang, path, lease)
    while not path.exists():
        time.sleep(0.02)
    other = Runner(jobs_of(path, ["backup"]), lease=lease)
    time.sleep(lease.total_seconds() * 1.5)
    assert other.run_due() == 0  # the first one lives, and renews its lease
    os.kill(first.pid, signal.SIGKILL)
    first.join(30)
    killed = timezone.now()
    while not (done := other.run_due()):
        time.sleep(0.05)
        assert timezone.now() - killed < timedelta(seconds=60)
    assert (done, other.run_due()) == (1, 0)
    assert path.read_text().split() == ["begun", "backup"]
