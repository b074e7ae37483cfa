"""Settings that make no sense, or are unsafe outside development: the start stops, and names the variable."""

import sys
from ipaddress import ip_network

import pytest

from appointments_site import readers
from tests.starting import GUNICORN, PRODUCTION, assert_one_line, manage, run

WEAK = ["8Jt2mQfVb0xYw4sLr6nKd9cHzPaE7uGi3oTk1XyBvNqMl5Wj1"[:49], "abcabcabc" * 8, "0123456789abc"]


@pytest.mark.parametrize("value", WEAK, ids=["too short", "few kinds", "both"])
@pytest.mark.parametrize("name", ["SECRET_KEY", "SECRET_KEY_FALLBACKS"])
def test_production_does_not_start_on_a_secret_that_is_soon_guessed(name, value):
    done = run(manage("check"), **PRODUCTION | {name: value})
    assert_one_line(done, f"Settings: {name} ")
    assert value not in done.stderr


def test_development_starts_on_any_secret_and_any_host():
    done = run(manage("check"), SECRET_KEY="short", ALLOWED_HOSTS="*", DEBUG="true")
    assert done.returncode == 0, done.stderr


def test_production_does_not_start_for_every_host():
    done = run(manage("check"), **PRODUCTION | {"ALLOWED_HOSTS": "clinic.example,*"})
    assert_one_line(done, "Settings: ALLOWED_HOSTS ")


@pytest.mark.parametrize(
    ("value", "says"),
    [
        ("11", "11 proxies"),
        ("-1", "'-1' does not appear to be an IPv4 or IPv6 network."),
        ("10.0.0.1/8", "10.0.0.1/8 has host bits set."),
        ("proxy.example", "'proxy.example' does not appear"),
        ("10.0.0.0/8,0.0.0.0/0", "a network of all addresses"),
    ],
)
def test_proxies_that_are_not_understood_are_named(value, says):
    done = run(manage("check"), **PRODUCTION | {"TRUSTED_PROXIES": value})
    assert_one_line(done, f"Settings: TRUSTED_PROXIES: {says}")


def test_proxies_are_a_number_or_networks():
    networks = (ip_network("10.0.0.0/8"), ip_network("fd00::/8"))
    one = (ip_network("127.0.0.1/32"),)
    texts = ("2", "10.0.0.0/8, fd00::/8", "127.0.0.1", "")
    assert [readers.trusted_proxies(text) for text in texts] == [2, networks, one, 0]


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("SESSION_IDLE_MINUTES", "4", "4 minutes; use a number from 5 to 720."),
        ("SESSION_IDLE_MINUTES", "half", "'half' is not a whole number of minutes."),
        ("SIGN_IN_TRIES_PER_ADDRESS", "1", "1 tries; use a number from 5 to 1000000."),
    ],
)
def test_a_number_of_signing_in_that_makes_no_sense_is_named(name, value, says):
    assert_one_line(run(manage("check"), **PRODUCTION | {name: value}), f"Settings: {name}: {says}")


HSTS = "from django.conf import settings as s; print(s.SECURE_HSTS_INCLUDE_SUBDOMAINS, s.SECURE_HSTS_PRELOAD)"


@pytest.mark.parametrize(
    ("asked", "held"),
    [
        ({}, "False False"),
        ({"SECURE_HSTS_INCLUDE_SUBDOMAINS": "true"}, "True False"),
        ({"SECURE_HSTS_INCLUDE_SUBDOMAINS": "true", "SECURE_HSTS_PRELOAD": "true"}, "True True"),
    ],
)
def test_other_hosts_of_the_clinic_are_bound_to_tls_only_where_asked_for(asked, held):
    done = run([sys.executable, "-c", HSTS], **PRODUCTION, **asked)
    assert done.stdout.strip() == held, done.stderr


def test_browsers_own_lists_take_only_whole_domains():
    assert_one_line(
        run(manage("check"), **PRODUCTION, SECURE_HSTS_PRELOAD="true"), "Settings: SECURE_HSTS_PRELOAD "
    )


def test_a_proxy_whose_address_would_count_for_everybody_is_told():
    command = manage("check", "--deploy")
    alone = run(command, **PRODUCTION, SECURE_SSL_REDIRECT="true", BEHIND_TLS_PROXY="true")
    assert "accounts.W001" in alone.stderr
    named = run(
        command, **PRODUCTION, SECURE_SSL_REDIRECT="true", BEHIND_TLS_PROXY="true", TRUSTED_PROXIES="1"
    )
    assert "accounts.W001" not in named.stderr


@pytest.mark.parametrize("value", ["", "only-for-development", "change-me"])
@pytest.mark.parametrize("command", [manage("migrate"), GUNICORN], ids=["manage.py", "gunicorn"])
def test_production_does_not_start_on_a_secret_that_everyone_knows(command, value):
    assert_one_line(run(command, **PRODUCTION | {"SECRET_KEY": value}), "Settings: SECRET_KEY ")


def test_production_does_not_start_without_its_hosts():
    done = run(manage("migrate"), **PRODUCTION | {"ALLOWED_HOSTS": ""})
    assert_one_line(done, "Settings: ALLOWED_HOSTS ")


def test_a_time_zone_that_does_not_exist_is_named():
    done = run(manage("migrate"), CLINIC_TIME_ZONE="Europe/Atlantis")
    assert_one_line(done, "Settings: CLINIC_TIME_ZONE")


@pytest.mark.parametrize("value", ["xml", "JSON"])
def test_a_form_of_the_log_that_there_is_not_is_named(value):
    done = run(manage("check"), **PRODUCTION | {"LOG_FORMAT": value})
    assert_one_line(done, f"Settings: LOG_FORMAT: '{value}' is none of line, json.")


@pytest.mark.parametrize("name", ["CONN_MAX_AGE", "SECURE_HSTS_SECONDS"])
def test_seconds_that_are_no_number_are_named(name):
    done = run(manage("migrate"), **PRODUCTION | {name: "abc"})
    assert_one_line(done, f"Settings: {name}: 'abc' is not a whole number of seconds.")


@pytest.mark.parametrize("name", ["API_READS_A_MINUTE", "API_BOOKINGS_A_MINUTE", "API_MANAGE_A_MINUTE"])
@pytest.mark.parametrize(
    ("value", "says"),
    [
        ("many", "'many' is not a whole number of requests."),
        ("0", "0 requests a minute; use a number from 1 to 1000000."),
    ],
)
def test_a_limit_that_lets_nobody_in_or_is_no_number_is_named(name, value, says):
    done = run(manage("migrate"), **PRODUCTION | {name: value})
    assert_one_line(done, f"Settings: {name}: {says}")


def test_a_production_start_has_nothing_to_warn_of(tmp_path):
    url = f"sqlite:///{tmp_path}/x.sqlite3"
    command = manage("check", "--deploy", "--fail-level", "WARNING", "--database", "default")
    done = run(command, **PRODUCTION, DATABASE_URL=url, SECURE_SSL_REDIRECT="true")
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
