"""What whoever meets a patient must know: kept as one text, never lost."""

import pytest

from scheduling import alerts
from scheduling.alerts import Alert, Kind

TEXTS = {
    "": [],
    "mobility": [Alert(Kind.MOBILITY, "")],
    "hearing: deaf, write\nmobility": [Alert(Kind.HEARING, "deaf, write"), Alert(Kind.MOBILITY, "")],
    "mobility\nhearing:write": [Alert(Kind.HEARING, "write"), Alert(Kind.MOBILITY, "")],
    "allergy: latex\nallergy: nuts\nallergy: latex": [Alert(Kind.ALLERGY, "latex, nuts")],
    "allergy\nallergy: nuts": [Alert(Kind.ALLERGY, "nuts")],
    "other: at 10:30 by taxi": [Alert(Kind.OTHER, "at 10:30 by taxi")],
    "Careful: two steps\n\n": [Alert(Kind.OTHER, "Careful: two steps")],
}


@pytest.mark.parametrize(("text", "found"), TEXTS.items())
def test_a_text_is_read_line_by_line(text, found):
    assert alerts.read(text) == found
    assert alerts.read(alerts.as_text(found)) == found


def test_two_records_of_one_person_keep_the_alerts_of_both():
    both = alerts.of_both("hearing: write\nallergy: latex", "allergy: nuts\nsight")
    assert both == "hearing: write\nsight\nallergy: latex, nuts"
    assert alerts.of_both("", both) == alerts.of_both(both, "") == alerts.of_both(both, both) == both


def test_each_says_its_kind_and_its_words():
    assert [str(each) for each in alerts.read("interpreter: Arabic\nmobility")] == [
        "Interpreter: Arabic",
        "Mobility",
    ]
    assert all(Alert(kind, "").icon for kind in Kind)
