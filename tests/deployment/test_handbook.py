"""docs/installing.md against the files it speaks of. `python -m tests.deployment handbook` follows it."""

import re

from django.conf import settings

from tests.deployment import handbook
from tools.deployment import DEPLOY, UNITS
from tools.starting import ROOT


def test_every_block_is_run_by_somebody():
    found = list(handbook.blocks())
    assert len(found) == handbook.PAGE.read_text().count("\n```sh ")
    assert {block.who for block in found} == set(handbook.WHO)


def test_the_units_that_it_names_are_those_that_are_there():
    named = set(re.findall(r"appointments-(\w+\.\w+)", handbook.PAGE.read_text()))
    assert named == set(UNITS)
    assert {path.name for path in (DEPLOY / "systemd").glob("*.*r*") if path.is_file()} == {
        f"appointments-{name}" for name in UNITS
    }


def test_the_table_of_timeouts_has_the_numbers_of_the_files():
    page = handbook.PAGE.read_text()
    nginx = (DEPLOY / "nginx.conf").read_text()
    unit = (DEPLOY / "systemd" / "appointments-web.service").read_text()
    own = (ROOT / "gunicorn.conf.py").read_text()

    def told(name):
        return int(re.search(rf"^\|.*\| (\d+) \| .*`{name}`", page, re.MULTILINE).group(1))

    def of_nginx(name):
        return int(re.search(rf"\b{name} (\d+)s;", nginx).group(1))

    def of_gunicorn(name):
        return int(re.search(rf"^{name} = (\d+)", own, re.MULTILINE).group(1))

    for name in ("client_header_timeout", "client_body_timeout", "send_timeout", "proxy_read_timeout"):
        assert told(name) == of_nginx(name)
    assert told("timeout") == of_gunicorn("timeout")
    assert told("graceful_timeout") == of_gunicorn("graceful_timeout")
    assert told("TimeoutStopSec") == int(re.search(r"TimeoutStopSec=(\d+)", unit).group(1))
    assert told("REQUEST_DEADLINE") == settings.REQUEST_DEADLINE
    assert told("proxy_read_timeout") > told("timeout") > told("graceful_timeout") > told("REQUEST_DEADLINE")
    assert told("TimeoutStopSec") > told("graceful_timeout")
