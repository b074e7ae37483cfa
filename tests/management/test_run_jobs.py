"""`run_jobs` as a process of its own: it ends when it is told to, and with who holds its input."""

import signal
import subprocess
import sys
import time
from contextlib import contextmanager

import pytest

from tests.cluster.trial import env_of, manage

MODEL = "from scheduling.models import Job"
SEEN = f"{MODEL}; print(*Job.objects.filter(succeeded=True).values_list('name', flat=True))"
FORGET = f"{MODEL}; Job.objects.all().delete()"


@pytest.fixture(scope="module")
def clinic(tmp_path_factory):
    url = f"sqlite:///{tmp_path_factory.mktemp('jobs')}/clinic.sqlite3"
    manage(url, "migrate", "-v0")
    return url


@contextmanager
def watching(url, *options):
    manage(url, "shell", "-v0", "-c", FORGET)
    command = [sys.executable, "manage.py", "run_jobs", "--watch", *options]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.DEVNULL, "stderr": subprocess.PIPE}
    with subprocess.Popen(command, env=env_of(url), text=True, **pipes) as process:
        assert "Job clear: Cleared:" in process.stderr.readline()  # it works
        yield process
        assert process.wait(30) == 0
        assert process.stderr.read() == ""


def test_once_does_what_is_due(clinic):
    manage(clinic, "run_jobs")
    assert manage(clinic, "shell", "-v0", "-c", SEEN).split() == ["clear"]


def test_before_the_first_migrate_it_waits(tmp_path):
    command = [sys.executable, "manage.py", "run_jobs", "--watch"]
    env = env_of(f"sqlite:///{tmp_path}/clinic.sqlite3")
    with subprocess.Popen(
        command, env=env, text=True, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    ) as process:
        assert "Jobs wait: the database cannot serve, migrations" in process.stderr.readline()
        process.terminate()
        assert process.wait(30) == 0


@pytest.mark.parametrize("options", [[], ["--until-input-ends"]], ids=str)
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_ends_when_it_is_told_to(clinic, number, options):
    with watching(clinic, *options) as process:
        process.send_signal(number)


def test_it_ends_with_whoever_holds_its_input(clinic):
    with watching(clinic, "--until-input-ends") as process:
        time.sleep(0.2)
        assert process.poll() is None
        process.stdin.close()
