"""Messages in passing name patients: they wait on the server for the next page."""

from tests.views.desk.pages import text_of


def test_a_message_leaves_no_cookie_in_the_browser(desk, book, osei, ana):
    visit = book(osei, ana, "2026-03-02 10:00")
    answer = desk.post(f"/desk/appointments/{visit.uuid}/status/", {"version": 1, "status": "arrived"})
    assert set(desk.cookies) == {"sessionid", "lastused"}  # the latter a time and a signature (accounts.idle)
    assert text_of(desk.get(answer.url), "toasts").startswith("Ana Souza Prieto has arrived.")
    assert text_of(desk.get(answer.url), "toasts") == ""
