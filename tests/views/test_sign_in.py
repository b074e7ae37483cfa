from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse

from accounts.models import User
from scheduling.access import may_open
from tests import factories
from tests.conftest import NOW

WRONG = "That name and password do not match."


def sign_in(client, username="rae", password="clinic-demo", **more):
    return client.post("/sign-in/", {"username": username, "password": password, **more})


def is_signed_in(client):
    return "_auth_user_id" in client.session


def test_a_right_password_leads_to_the_first_page(client, rae):
    response = sign_in(client)
    assert (response.status_code, response.url) == (302, "/")
    assert is_signed_in(client)


def test_a_right_password_leads_back_to_the_page_that_was_asked_for(client, rae):
    asked = client.get("/desk/attention/")
    assert asked.url == "/sign-in/?next=/desk/attention/"
    assert 'name="next" value="/desk/attention/"' in client.get(asked.url).content.decode()
    assert sign_in(client, next="/desk/attention/").url == "/desk/attention/"


@pytest.mark.parametrize("elsewhere", ["https://evil.example/", "//evil.example/", "javascript:alert(1)"])
def test_signing_in_never_leads_to_another_site(client, rae, elsewhere):
    assert sign_in(client, next=elsewhere).url == "/"


@pytest.mark.parametrize("username", ["rae", "nobody", "gone"])
def test_a_refusal_is_the_same_for_every_name_and_keeps_it(client, rae, username):
    factories.UserFactory(username="gone", is_active=False)
    password = "clinic-demo" if username == "gone" else "wrong"
    response = sign_in(client, username, password)
    html = response.content.decode()
    assert response.status_code == 200
    assert response.context["form"].non_field_errors() == [
        WRONG,
        "After 5 tries the name waits 15 minutes. 4 are left.",
    ]
    assert f'value="{username}"' in html
    assert "wrong" not in html
    assert not is_signed_in(client)


def test_the_last_try_is_announced(client, rae):
    for _ in range(3):
        sign_in(client, password="wrong")
    assert "1 is left." in sign_in(client, password="wrong").content.decode()


def test_the_fifth_wrong_password_makes_that_name_wait_a_quarter_of_an_hour(client, rae, max_):
    with time_machine.travel(NOW) as clock:
        answers = [sign_in(client, password="wrong").status_code for _ in range(5)]
        assert answers == [200, 200, 200, 200, 429]
        refused = sign_in(client)
        assert refused.status_code == 429
        assert "this name now waits 15 minutes" in " ".join(refused.content.decode().split())
        assert not is_signed_in(client)

        assert sign_in(client, "max").status_code == 302  # nobody else waits
        client.logout()

        clock.shift(timedelta(minutes=15, seconds=1))
        assert sign_in(client).status_code == 302
        assert is_signed_in(client)


def test_who_is_signed_in_already_is_led_on(client, rae):
    client.force_login(rae, "django.contrib.auth.backends.ModelBackend")
    assert client.get("/sign-in/").url == "/"
    assert client.get("/sign-in/?next=/desk/attention/").url == "/desk/attention/"


def test_signing_out_needs_a_form_and_not_only_a_link(client, rae):
    client.force_login(rae, "django.contrib.auth.backends.ModelBackend")
    assert client.get("/sign-out/").status_code == 405
    assert is_signed_in(client)
    assert client.post("/sign-out/").url == "/sign-in/"
    assert not is_signed_in(client)


def test_a_session_that_ended_meanwhile_can_still_be_signed_out(client, db):
    assert client.post("/sign-out/").url == "/sign-in/"


def test_a_name_with_a_nul_byte_is_refused_beside_its_field(client, db):
    response = sign_in(client, "ra\x00e")
    assert response.context["form"].errors["username"] == ["Null characters are not allowed."]


class TestBackOffice:
    """The admin has no sign-in of its own."""

    def test_a_stranger_is_led_through_the_one_sign_in(self, client, max_):
        first = client.get("/admin/")
        second = client.get(first.url)
        assert second.url == "/sign-in/?next=/admin/"
        assert sign_in(client, "max", next="/admin/").url == "/admin/"
        assert client.get("/admin/").status_code == 200

    def test_its_own_form_takes_no_password(self, client, max_):
        response = client.post("/admin/login/", {"username": "max", "password": "clinic-demo"})
        assert response.url == "/sign-in/?next=/admin/"
        assert not is_signed_in(client)

    def test_who_may_not_enter_sees_nothing_there(self, client, rae):
        client.force_login(rae, "django.contrib.auth.backends.ModelBackend")
        response = client.get("/admin/", follow=True)
        assert response.status_code == 404

    def test_who_may_enter_is_not_asked_again(self, client, max_):
        client.force_login(max_, "django.contrib.auth.backends.ModelBackend")
        assert client.get("/admin/login/?next=https://evil.example/").url == "/admin/"

    def test_its_sign_out_is_ours(self, client, max_):
        client.force_login(max_, "django.contrib.auth.backends.ModelBackend")
        assert client.post(reverse("admin:logout")).url == "/sign-in/"
        assert not is_signed_in(client)


class TestFirstPage:
    def test_a_stranger_reads_how_to_look_up_an_appointment(self, client, db, settings):
        html = client.get("/").content.decode()
        assert "Open the link that the clinic gave you." in html
        assert 'href="/sign-in/"' in html
        assert "tel:" not in html
        settings.CLINIC_PHONE = "+34 910 555 010"
        assert 'href="tel:+34910555010"' in client.get("/").content.decode()

    @pytest.mark.parametrize("who", ["rae", "max_"])
    def test_people_of_the_desk_go_to_the_day(self, client, request, who):
        client.force_login(request.getfixturevalue(who), "django.contrib.auth.backends.ModelBackend")
        assert client.get("/").url == "/desk/"

    def test_others_read_what_they_can_do(self, client, db):
        for username, is_staff in (("plain", False), ("clerk", True)):
            user = factories.UserFactory(username=username, is_staff=is_staff)
            client.force_login(user, "django.contrib.auth.backends.ModelBackend")
            html = client.get("/").content.decode()
            assert f"Signed in as {username}" in html
            assert ("Open the back office" in html) is is_staff
            assert "/desk/" not in html

    def test_a_superuser_works_everywhere(self, db):
        assert may_open(User(username="root", is_superuser=True), "desk:today")
