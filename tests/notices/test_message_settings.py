"""What the environment may say of webhooks: a site that could not sign does not start."""

import pytest
from django.core.exceptions import ImproperlyConfigured
from environ import Env

from appointments_site import message_settings
from tests.notices.test_signing import SECRET

pytestmark = pytest.mark.once


def read(**variables):
    env = Env()
    env.ENVIRON = {"PUBLIC_URL": "https://book.example", "WEBHOOK_SECRET": SECRET} | variables
    return message_settings.read(env, debug=False)


def test_an_address_and_a_secret_are_a_channel():
    found = read(WEBHOOK_URL="https://gateway.example:8443/messages/")
    assert (found["NOTICE_CHANNELS"], found["WEBHOOK_URL"]) == (
        ["webhook"],
        "https://gateway.example:8443/messages",
    )
    assert read()["NOTICE_CHANNELS"] == []


@pytest.mark.parametrize("name", ["WEBHOOK_SECRET", "REPLIES_SECRET"])
@pytest.mark.parametrize(
    "secret", ["whsec_" + "ü" * 30, "whsec_" + "a" * 29, "whsec_not base64, and long", SECRET[6:]]
)
def test_what_is_no_secret_names_its_variable_and_is_not_repeated(name, secret):
    with pytest.raises(ImproperlyConfigured, match=name) as caught:
        read(**{name: secret})
    assert secret not in str(caught.value)


@pytest.mark.parametrize(
    "url", ["gateway.example", "ftp://gateway.example", "https://", "https://x:port/", "http://x:0"]
)
def test_an_address_that_leads_nowhere_is_refused(url):
    with pytest.raises(ImproperlyConfigured, match="WEBHOOK_URL"):
        read(WEBHOOK_URL=url)


def test_a_channel_without_its_secret_is_refused():
    with pytest.raises(ImproperlyConfigured, match="WEBHOOK_SECRET"):
        read(WEBHOOK_URL="https://gateway.example", WEBHOOK_SECRET="")
