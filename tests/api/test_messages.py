"""What programs do with visits is told to their patients as what the desk does."""

import pytest

from scheduling.models import Notice

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("action", "body", "kind"),
    [
        ("move", {"appointment_datetime": "2026-03-04T11:00:00+01:00"}, "moved"),
        ("cancel", {"reason": "ill", "wish": "patient"}, "cancelled"),
        ("correct", {"description": "Knee"}, None),
    ],
)
def test_what_a_program_changes_is_told(change, settings, action, body, kind):
    settings.NOTICE_CHANNELS = ["email"]
    assert change(action, body).status_code == 200
    assert list(Notice.objects.values_list("kind", flat=True)) == ([kind] if kind else [])


def test_what_a_program_books_is_told_once_however_often_it_asks(clinic, website, wanted, settings):
    settings.NOTICE_CHANNELS = ["email"]
    body = wanted()
    for _ in range(2):
        website.post("appointments", body)
    assert Notice.objects.count() == 1
