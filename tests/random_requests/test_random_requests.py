"""Whatever is sent, by whomever: no fault of ours, and no more than a line in the log."""

import logging

import pytest

from appointments_site.logs import RefusalsInOneLine
from tests.random_requests.run import ask_at_random

pytestmark = [pytest.mark.django_db, pytest.mark.once]
REQUESTS = 3000  # `python -m tests.random_requests` sends 10,000


def test_requests_at_random_find_no_fault_and_leave_no_traceback(caplog):
    caplog.handler.addFilter(RefusalsInOneLine())
    statuses, faults = ask_at_random(REQUESTS)
    assert faults == []
    callers = {name for name, _status in statuses}
    let_in = {name for name, status in statuses if status == 200}
    assert let_in == callers  # it gets in as well, or it would prove little
    assert len(callers) == 8
    assert [record for record in caplog.records if record.exc_info or record.levelno > logging.WARNING] == []
