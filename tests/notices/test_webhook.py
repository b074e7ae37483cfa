"""A text message is one signed POST; whatever the gateway does, the outbox learns whether to try again."""

import logging
import socket
import ssl
from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine
from standardwebhooks.webhooks import Webhook as Library

from scheduling.models import Notice
from scheduling.models.people import ContactBy
from scheduling.notices import channels
from scheduling.notices.channels import webhook
from scheduling.notices.channels.base import Never, NotNow
from scheduling.notices.channels.webhook import Webhook
from scheduling.notices.outgoing import Outgoing
from tests.conftest import NOW
from tests.notices import gateway as gateways
from tests.notices.test_signing import SECRET

pytestmark = pytest.mark.once

KEY = uuid4()


@pytest.fixture
def gateway(settings):
    gateway = gateways.Gateway()
    settings.WEBHOOK_URL, settings.WEBHOOK_SECRET, settings.EMAIL_TIMEOUT = gateway.url, SECRET, 5
    yield gateway
    gateway.close()


@pytest.fixture
def message():
    return Outgoing(
        key=KEY,
        kind=Notice.Kind.REMINDER,
        language="es",
        to="+34600555482",
        subject="Su cita",
        text="...",
        html="<p>...",
        short="Su cita: martes 3, 10:00. Responda SÍ 7567",
    )


def send(message):
    channel = Webhook()
    channel.open()
    try:
        channel.send(message)
    finally:
        channel.close()


def refused(message):
    """What was raised, in a line."""
    with pytest.raises((NotNow, Never)) as caught:
        send(message)
    error = caught.value
    more = error.is_certain if isinstance(error, NotNow) else error.of_the_address
    return type(error).__name__, str(error), more


def test_it_is_the_channel_of_text_messages(settings):
    settings.NOTICE_CHANNELS = ["webhook"]
    (channel,) = channels.in_use()
    assert (channel.name, channel.reaches) == ("webhook", ContactBy.TEXT)


def test_a_message_is_one_post_that_the_library_takes_for_ours(gateway, message):
    with time_machine.travel(NOW, tick=False):
        send(message)
        ((path, headers, body),) = gateway.got
        assert path == "/messages?from=clinic"
        assert headers["Content-Type"] == "application/json"
        assert Library(SECRET).verify(body, headers) == {
            "type": "message",
            "id": str(KEY),
            "kind": "reminder",
            "language": "es",
            "to": "+34600555482",
            "text": "Su cita: martes 3, 10:00. Responda SÍ 7567",
        }


def test_sent_again_it_has_the_same_name_and_a_signature_of_its_own(gateway, message):
    for minutes in (0, 60):
        with time_machine.travel(NOW + timedelta(minutes=minutes), tick=False):
            send(message)
    first, second = [headers for _path, headers, _body in gateway.got]
    assert first["webhook-id"] == second["webhook-id"] == str(KEY)
    assert first["webhook-signature"] != second["webhook-signature"]


@pytest.mark.parametrize("status", [200, 201, 202, 204, 299])
def test_it_is_taken(gateway, message, status):
    gateway.status = status
    send(message)
    assert len(gateway.got) == 1


@pytest.mark.parametrize("status", [408, 425, 429, 500, 502, 503, 599])
def test_it_is_busy_or_broken_and_surely_has_not_taken_it(gateway, message, status):
    gateway.status = status
    assert refused(message) == ("NotNow", str(status), True)


@pytest.mark.parametrize("status", [401, 403, 404, 405, 407])
def test_a_wrong_address_or_secret_is_ours_to_mend_and_fails_no_message(gateway, message, status):
    gateway.status = status
    assert refused(message) == ("NotNow", str(status), True)


@pytest.mark.parametrize(
    ("status", "of_the_address"), [(400, False), (410, False), (413, False), (422, True)]
)
def test_it_is_refused_for_good(gateway, message, status, of_the_address):
    gateway.status = status
    assert refused(message) == ("Never", str(status), of_the_address)


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308, 304])
def test_a_redirect_is_not_followed(gateway, message, status):
    gateway.status = status
    assert refused(message) == ("NotNow", str(status), True)
    assert len(gateway.got) == 1


def test_away_nothing_was_sent(settings, gateway, message):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    settings.WEBHOOK_URL = f"http://127.0.0.1:{port}"
    assert refused(message) == ("NotNow", "ConnectionRefusedError", True)


@pytest.mark.parametrize("host", ["gateway.invalid", "a..b"])
def test_a_host_that_is_not_there(settings, gateway, message, host):
    settings.WEBHOOK_URL = f"http://{host}/"
    name, _word, is_certain = refused(message)
    assert (name, is_certain) == ("NotNow", True)


def test_slow_it_may_have_taken_it(settings, gateway, message):
    settings.EMAIL_TIMEOUT = 0.2
    gateway.behaves = lambda handler: gateway.ended.wait(20)
    assert refused(message) == ("NotNow", "timeout", False)


def test_slow_byte_by_byte_it_is_cut_off(settings, gateway, message):
    """Each byte begins the time-out anew."""
    settings.EMAIL_TIMEOUT = 0.3

    def drips(handler):
        while not gateway.ended.wait(0.05):
            try:
                handler.wfile.write(b"HTTP/1.1 200 OK"[:1])
            except OSError:
                return

    gateway.behaves = drips
    name, _word, is_certain = refused(message)
    assert (name, is_certain) == ("NotNow", False)


@pytest.mark.parametrize(
    "behaves", [gateways.hangs_up, gateways.stops_in_its_head, gateways.speaks_something_else]
)
def test_it_breaks_off_in_the_middle_and_may_have_taken_it(gateway, message, behaves):
    gateway.behaves = behaves
    name, _word, is_certain = refused(message)
    assert (name, is_certain) == ("NotNow", False)


def test_without_a_certificate_that_we_trust_nothing_is_sent(settings, gateway, message):
    settings.WEBHOOK_URL = gateway.url.replace("http:", "https:")  # and here not even TLS
    name, word, is_certain = refused(message)
    assert (name, is_certain) == ("NotNow", True)
    assert issubclass(getattr(ssl, word, OSError), OSError)
    assert gateway.got == []


def test_over_tls_the_certificate_and_its_name_are_checked(settings):
    settings.WEBHOOK_URL = "https://gateway.example/messages"
    connection, path = webhook._connection()
    assert (connection.host, connection.port, path) == ("gateway.example", 443, "/messages")
    assert (connection._context.verify_mode, connection._context.check_hostname) == (ssl.CERT_REQUIRED, True)


@pytest.mark.parametrize("status", [200, 400, 500])
def test_what_it_writes_is_neither_raised_nor_logged(gateway, message, status, caplog):
    caplog.set_level(logging.DEBUG)
    gateway.status = status
    try:
        send(message)
    except (NotNow, Never) as error:
        assert "ana" not in str(error)
    assert caplog.text == ""
