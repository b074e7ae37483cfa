"""Every example of docs/api.md, taken out of the page itself, does what it says on a running server.

The examples of a language build on each other, so they are run as one program, which tells after each of them
that it got there.
"""

import os
import re
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.db import connection
from django.utils import timezone

from accounts.models import ApiKey, Scope
from scheduling.booking import integrity
from scheduling.models import Appointment, Status, WorkingHours
from tests.api.guide import blocks

pytestmark = pytest.mark.browser

SAID = [
    r"free: \S+",
    r"booked: (201 )?\S+",
    r"again: 200",
    r"refused: doctor_taken",
    r"booked instead: (201 )?\S+",
    r"moved: (200 )?\S+",
    r"(changed meanwhile: \S+|with the version before the move: 412)",
    r"now: (200 )?cancelled",
    r"(changes|copied): 2",
]


@pytest.fixture
def key(live_server, checkup, osei, lind):
    """Made by the command of the page, in the database of the server."""
    # Nobody works today: the first free time is not over before it is booked.
    WorkingHours.objects.filter(weekday=timezone.localdate().weekday()).delete()
    (block,) = blocks("sh")
    command = block.replace(".venv/bin/python", sys.executable)
    env = os.environ | {"DATABASE_URL": database_url()}
    done = subprocess.run(
        ["bash", "-euc", command], cwd=settings.BASE_DIR, env=env, capture_output=True, text=True, check=True
    )
    made = ApiKey.objects.get()
    assert (made.name, made.scope) == ("Website", Scope.BOOK)
    return done.stdout.splitlines()[-1]


def database_url():
    """Of the tests' own database, as another process has to be told."""
    name = connection.settings_dict["NAME"]
    if connection.vendor == "sqlite":
        return f"sqlite:///{name}"
    return urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{name}").geturl()


def program(language, live_server, key, reached):
    """All the examples of a language as one text; `reached` has the line that tells of each."""
    parts = [f"{block}\n{reached.format(number)}\n" for number, block in enumerate(blocks(language))]
    return "\n".join(parts).replace("http://127.0.0.1:8000", live_server.url).replace("clinic_...", key)


def assert_done(said, language):
    """The output has what each example says, and every example was reached."""
    lines = said.strip().splitlines()
    reached = [line for line in lines if line.startswith("reached ")]
    assert reached == [f"reached {number}" for number in range(len(blocks(language)))]
    rest = [line for line in lines if not line.startswith("reached ")]
    assert len(rest) == len(SAID), rest
    for line, pattern in zip(rest, SAID, strict=True):
        assert re.fullmatch(pattern, line)
    visits = Appointment.objects.order_by("pk")
    assert [visit.patient.full_name for visit in visits] == ["Zoë Field", "Tom Reed"]
    assert [visit.status for visit in visits] == [Status.CANCELLED, Status.PENDING]
    assert list(integrity.problems(now=visits[0].created_at)) == []


def run(command, text, folder):
    done = subprocess.run(
        command, input=text, cwd=folder, capture_output=True, text=True, timeout=300, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


def test_the_examples_for_curl_work(live_server, key, tmp_path):
    text = program("bash", live_server, key, "echo reached {}")
    assert_done(run(["bash", "-euo", "pipefail"], text, tmp_path), "bash")


def test_the_examples_in_python_work(live_server, key, tmp_path):
    text = program("python", live_server, key, 'print("reached {}")')
    assert_done(run([sys.executable, "-"], text, tmp_path), "python")


def test_the_examples_in_javascript_work(live_server, key, context):
    page, said = context.new_page(), []
    page.on("console", lambda message: said.append(message.text))
    page.goto(f"{live_server.url}/api/v1/docs")
    text = program("js", live_server, key, 'console.log("reached {}");')
    page.evaluate(f"async () => {{ {text} }}")
    # Chromium itself reports each answer of 400 and more.
    assert_done("\n".join(line for line in said if not line.startswith("Failed to load")), "js")


def test_no_block_of_the_page_is_left_out():
    page = Path(settings.BASE_DIR, "docs", "api.md").read_text(encoding="utf-8")
    fences = re.findall(r"^```(\w*)$", page, re.MULTILINE)
    opening, closing = fences[::2], fences[1::2]
    assert set(closing) == {""}
    # `json` is held against the schema in tests/api/test_guide.py.
    assert set(opening) == {"sh", "bash", "python", "js", "json"}
    assert sum(len(blocks(language)) for language in set(opening)) == len(opening)
    assert len(blocks("bash")) == len(blocks("python")) == len(blocks("js")) == 6
