"""Short forms of `python -m tests.outages`, through gunicorn with its real configuration.

The machine may be busy: that command measures seconds, this sees that nobody waits for the outage's end.
"""

import pytest

from tests.outages.__main__ import OUTAGES
from tests.outages.trial import tried


@pytest.mark.parametrize(
    "name",
    [
        pytest.param("server hung (SIGSTOP)", marks=pytest.mark.mariadb),
        pytest.param("SQLite locked", marks=pytest.mark.once),
    ],
)
def test_everybody_is_answered_and_nothing_is_lost(name):
    figures, faults = tried(OUTAGES[name], 7, after=3, clients=6, patience=6)
    assert faults == [], figures
    assert figures["acknowledged"] > 0
