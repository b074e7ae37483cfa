"""The program under gunicorn, for what asks it from outside."""

import os
import sys
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest

from tools.server import EXPECTED, serving
from tools.starting import NotStarted


def test_a_program_that_cannot_start_is_told_in_its_words():
    env = os.environ | {"DATABASE_URL": "sqlite:////nowhere/at/all.sqlite3"}
    with pytest.raises(NotStarted, match=r"Connection error: .*"), serving(sys.executable, env, workers=1):
        raise AssertionError("it started")


def test_it_answers_until_the_block_ends_and_keeps_what_it_logged(tmp_path):
    env = os.environ | {"DATABASE_URL": f"sqlite:///{tmp_path}/empty.sqlite3"}
    with serving(sys.executable, env, workers=1) as server:
        with pytest.raises(HTTPError) as refused:
            urlopen(f"{server.address}/nowhere/")
        refused.value.close()
        log = server.log.read_text()
        assert EXPECTED[0] in log
        assert server.complaints() == []
    with pytest.raises(OSError, match="refused"):
        urlopen(f"{server.address}/healthz")
