"""What a server has read before its first request, so that no worker reads it while somebody waits."""

import json
import os
import subprocess
import sys

import pytest

from tests.starting import PRODUCTION, ROOT

ASKED = ["/healthz", "/sign-in/", "/desk/", "/admin/login/", "/api/v1/openapi.json", "/nowhere/"]
PROGRAM = f"""
import json, sys
from appointments_site.wsgi import application
from django.template import engines
before = set(sys.modules)
(cached,) = engines["django"].engine.template_loaders
kept = [len(cached.get_template_cache), len(engines["jinja2"].env.cache)]
from django.test import RequestFactory
for path in {ASKED}:
    request = RequestFactory(headers={{"host": "clinic.example"}}).get(path, secure=True)
    application(request.environ, lambda *_: None)
ours = ("accounts", "appointments_site", "scheduling")
print(json.dumps([kept, sorted(name for name in set(sys.modules) - before if name.startswith(ours))]))
"""


@pytest.mark.once
def test_code_and_templates_are_read_before_the_first_request():
    env = os.environ | PRODUCTION | {"HASHED_STATIC_FILES": "false", "DATABASE_URL": "sqlite://:memory:"}
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", PROGRAM],
        check=False,
        cwd=ROOT,
        env=env,
        capture_output=True,
        text=True,
    )
    (of_django, of_jinja), read_later = json.loads(done.stdout.splitlines()[-1])
    files = [path for path in (ROOT / "templates").rglob("*") if path.is_file()]
    assert of_django >= len(files) - of_jinja and of_jinja >= 4, done.stderr
    assert read_later == []
