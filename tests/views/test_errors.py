import pytest
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.http import HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.test import Client
from django.urls import include, path

from scheduling.access import public


@public
def breaks(request):
    raise RuntimeError("secret detail")


@public
def forbids(request):
    raise PermissionDenied("secret detail")


@public
def suspects(request):
    raise SuspiciousOperation("secret detail")


@public
def no_such_record(request):
    return JsonResponse({"detail": "unknown"}, status=404)


def unmarked(request):
    return HttpResponse("open to all")


urlpatterns = [
    path("breaks/", breaks),
    path("forbids/", forbids),
    path("suspects/", suspects),
    path("no-such-record/", no_such_record),
    path("unmarked/", unmarked),
    path("", include("appointments_site.urls")),
]
handler404 = "scheduling.views.errors.not_found"


@pytest.fixture
def broken_site(settings):
    settings.ROOT_URLCONF = __name__
    return Client(raise_request_exception=False)


@pytest.mark.parametrize("debug", [False, True])
def test_an_unknown_address_is_said_plainly_and_not_repeated(client, db, settings, debug):
    settings.DEBUG = debug
    response = client.get("/nothing-<script>/here/")
    html = response.content.decode()
    assert response.status_code == 404
    assert "There is nothing at this address" in html
    assert "nothing-" not in html
    assert "urlconf" not in html.lower()
    assert "max-age=0" in response["Cache-Control"]
    # ContentPolicyMiddleware leaves Django's own debug pages alone, and goes by the status.
    assert ("Content-Security-Policy" in response.headers) is not debug


def test_with_debug_on_an_answer_for_a_program_stays_its_own(broken_site, settings):
    settings.DEBUG = True
    response = broken_site.get("/no-such-record/")
    assert (response.status_code, response.json()) == (404, {"detail": "unknown"})


def test_a_page_without_an_access_mark_does_not_exist(broken_site):
    response = broken_site.get("/unmarked/")
    assert response.status_code == 404
    assert b"open to all" not in response.content


def test_a_page_of_the_desk_does_not_exist_for_others(client, db):
    from tests import factories

    client.force_login(factories.UserFactory(), "django.contrib.auth.backends.ModelBackend")
    refused, unknown = client.get("/desk/attention/"), client.get("/desk/nothing/")
    assert (refused.status_code, unknown.status_code) == (404, 404)
    assert b"open it again from the message" not in refused.content  # that is for patients
    assert b"There is nothing at this address" in refused.content


@pytest.mark.parametrize(
    ("address", "status", "heading"),
    [
        ("/breaks/", 500, "Something broke on our side"),
        ("/forbids/", 403, "Your account may not do this"),
        ("/suspects/", 400, "This could not be read"),
    ],
)
@pytest.mark.filterwarnings("ignore")
def test_what_went_wrong_is_said_without_details(broken_site, caplog, address, status, heading):
    response = broken_site.get(address)
    html = response.content.decode()
    assert response.status_code == status
    assert f"<h1>{heading}</h1>" in html
    assert "secret detail" not in html
    assert 'href="/"' in html


@pytest.mark.parametrize("name", ["400.html", "500.html"])
def test_the_last_resort_needs_no_database_no_settings_and_no_request(name):
    # Without the db fixture every query fails.
    html = render_to_string(name)
    assert html.startswith("<!DOCTYPE html>")
    assert '<link rel="stylesheet" href="/static/css/tokens.css">' in html


def test_a_form_older_than_the_sign_in_says_that_nothing_was_saved(rae):
    client = Client(enforce_csrf_checks=True)
    form = {"username": "rae", "password": "clinic-demo"}
    response = client.post("/sign-in/", form, headers={"Referer": "http://testserver/sign-in/?next=/desk/"})
    html = response.content.decode()
    assert response.status_code == 403
    assert "was not saved" in html
    assert 'href="/sign-in/?next=/desk/">Open the form again</a>' in html
    assert "most of what you typed is still there" in html
    assert "_auth_user_id" not in client.session
