"""Messages in the back office: as they looked, what failed, and once more."""

import pytest
import time_machine
from django.contrib.auth.models import Group, Permission

from scheduling.identity import identity_of
from scheduling.models import Message, Reply
from tests.conftest import NOW
from tests.messages import TEXT, notice, one_of_each, sent

MESSAGES, NOTICES, REPLIES = (f"/admin/scheduling/{name}/" for name in ("message", "notice", "reply"))


@pytest.fixture(autouse=True)
def at_eight():
    with time_machine.travel(NOW, tick=False):
        yield


def again(office, row):
    return office.post(NOTICES, {"action": "try_again", "_selected_action": [identity_of(row)]}, follow=True)


def test_a_message_is_shown_as_it_looked_and_its_page_as_source_alone(office, visit):
    row = sent(visit).message
    Message.objects.update(html="<p>agreed</p><script>alert(1)</script>")
    html = office.get(f"{MESSAGES}{identity_of(row)}/change/").content.decode()
    assert TEXT in html
    assert "&lt;script&gt;alert(1)" in html
    assert "<script>alert(1)" not in html
    assert "Spanish" in html


def test_nobody_writes_them_here(root, visit):
    row = sent(visit)
    for address in (f"{MESSAGES}{identity_of(row.message)}", f"{NOTICES}{identity_of(row)}"):
        assert 'name="_save"' not in root.get(f"{address}/change/").content.decode()
        assert root.post(f"{address}/change/", {"text": "x"}).status_code == 403
        assert root.get(f"{address}/delete/").status_code == 403


def test_what_failed_is_found_and_tried_again(office, visit):
    sent(visit, version=0)
    failed = notice(visit, state="failed", why="refused", answer="550", tries=1)
    html = office.get(NOTICES, {"state__exact": "failed"}).content.decode()
    assert "the receiving server refused it" in html
    assert html.count('class="action-select"') == 1
    assert "1 message that failed goes out again" in again(office, failed).content.decode()
    failed.refresh_from_db()
    assert (failed.state, failed.why, failed.tries, failed.due_at) == ("due", "", 0, NOW)
    html = again(office, failed).content.decode()
    assert "Nothing goes out again: it did not fail, or somebody has told the patient." in html
    assert 'class="warning"' in html


def test_what_somebody_told_on_the_phone_is_not_sent_again(office, visit, max_):
    told = notice(visit, state="failed", why="refused", settled_at=NOW, settled_by=max_)
    assert "Nothing goes out again" in again(office, told).content.decode()
    told.refresh_from_db()
    assert told.state == "failed"


def test_channels_languages_and_answers_are_said_in_words(office, visit):
    row = sent(visit)
    html = office.get(MESSAGES).content.decode()
    assert '<td class="field-by_which">E-mail</td>' in html
    assert '<td class="field-written_in">Spanish</td>' in html
    assert (
        row.message.subject in office.get(MESSAGES, {"channel": "email", "language": "es"}).content.decode()
    )
    assert row.message.subject not in office.get(MESSAGES, {"language": "en"}).content.decode()
    notice(visit, version=7, state="failed", why="not_accepted", answer="ConnectionRefusedError")
    html = office.get(NOTICES).content.decode()
    assert "the server could not be reached" in html
    assert "ConnectionRefusedError" not in html


def test_headings_have_the_clinics_time(office, visit):
    row = sent(visit)
    assert (str(row.message), str(row)) == ("2026-03-02 08:00", "Confirmed 2026-03-02 08:03")


def test_without_the_right_nothing_is_tried_again(office, visit):
    failed = notice(visit, state="failed", why="refused")
    right = Permission.objects.get(codename="send_notice")
    for group in Group.objects.all():
        group.permissions.remove(right)
    assert "Try again" not in office.get(NOTICES).content.decode()
    again(office, failed)
    failed.refresh_from_db()
    assert failed.state == "failed"


def test_no_list_is_searched_by_a_name_in_its_address(office, visit):
    sent(visit)
    for address in (MESSAGES, NOTICES, REPLIES):
        assert 'id="searchbar"' not in office.get(address).content.decode()


def test_an_answer_is_read_beside_what_it_meant(office, visit, max_):
    one_of_each(visit, max_)
    row = Reply.objects.get()
    html = office.get(f"{REPLIES}{identity_of(row)}/change/").content.decode()
    assert "YES 7567" in html
    assert "Will come" in html


@pytest.mark.parametrize("address", [MESSAGES, NOTICES, REPLIES])
def test_a_list_costs_as_much_with_many_rows(office, visit, max_, address, django_assert_max_num_queries):
    one_of_each(visit, max_)
    office.get(address)
    with django_assert_max_num_queries(9) as few:
        office.get(address)
    for number in range(1, 20):
        row = sent(visit, copy=number)
        values = {"at": NOW, "meaning": "yes", "outcome": "noted", "notice": row}
        Reply.objects.create(webhook_id=str(number), **values)
    with django_assert_max_num_queries(len(few)):
        office.get(address)


def test_no_key_leaves_the_server(office, visit):
    row = sent(visit)
    html = office.get(NOTICES).content.decode()
    assert identity_of(row) in html
    assert f"/{row.pk}/change/" not in html
