import pytest

from scheduling.views.desk.shared.offers import distance
from tests.conftest import MADRID, NOW, madrid


@pytest.mark.parametrize(
    ("start", "wished", "said"),
    [
        ("2026-03-03 10:00", "2026-03-03 10:00", "same time"),
        ("2026-03-03 09:40", "2026-03-03 10:00", "20 min earlier"),
        ("2026-03-03 11:00", "2026-03-03 10:00", "60 min later"),
        ("2026-03-03 16:00", "2026-03-03 10:00", "same day"),
        ("2026-03-02 16:00", "2026-03-02 10:00", "today"),
        ("2026-03-02 16:00", "2026-03-03 10:00", "today"),
        ("2026-03-03 10:00", "2026-03-02 10:00", "tomorrow"),
        ("2026-03-05 10:00", "2026-03-02 10:00", "Thu 5 March"),
    ],
)
def test_a_time_is_told_by_its_distance_from_the_wished_one(start, wished, said):
    assert distance(madrid(start), madrid(wished), now=NOW, zone=MADRID) == said
