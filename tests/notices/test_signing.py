"""Signatures as Standard Webhooks has them: the library of its authors reads ours, and we read its."""

from base64 import b64encode
from datetime import datetime, timedelta

import pytest
import time_machine
from hypothesis import given
from hypothesis import strategies as st
from standardwebhooks.webhooks import Webhook, WebhookVerificationError

from scheduling.notices import signing
from scheduling.notices.signing import Unsigned, sign, verify
from tests.conftest import NOW

pytestmark = pytest.mark.once

SECRET = "whsec_" + b64encode(bytes(range(32))).decode()
OTHER = "whsec_" + b64encode(bytes(range(1, 33))).decode()
BODY = '{"type": "reply", "text": "Sí 7567"}'.encode()


@pytest.fixture
def signed():
    return sign(SECRET, "msg_1", BODY, at=NOW)


def word(headers, *, secret=SECRET, body=BODY, now=NOW):
    try:
        verify(secret, headers, body, now=now)
    except Unsigned as error:
        return str(error)
    return "signed"


def test_what_we_sign_the_library_reads(signed):
    with time_machine.travel(NOW, tick=False):
        assert Webhook(SECRET).verify(BODY, signed)["text"] == "Sí 7567"
        with pytest.raises(WebhookVerificationError):
            Webhook(OTHER).verify(BODY, signed)


def test_what_the_library_signs_we_read():
    signature = Webhook(SECRET).sign("msg_2", NOW, BODY.decode())
    seconds = str(int(NOW.timestamp()))
    headers = {"webhook-id": "msg_2", "webhook-timestamp": seconds, "webhook-signature": signature}
    assert verify(SECRET, headers, BODY, now=NOW) == "msg_2"
    assert word(headers, secret=OTHER) == "wrong"


@pytest.mark.parametrize("padding", ["", "="])
def test_a_secret_is_read_with_its_padding_and_without(signed, padding):
    assert verify(SECRET.rstrip("=") + padding, signed, BODY, now=NOW) == "msg_1"


@pytest.mark.parametrize("secret", ["whsec_", "whsec_ü", "whsec_a", "whsec_a b c d", ""])
def test_what_is_no_secret_signs_nothing(secret):
    with pytest.raises(ValueError):
        sign(secret, "msg_1", BODY, at=NOW)


@pytest.mark.parametrize(
    ("seconds", "said"),
    [(0, "signed"), (300, "signed"), (301, "old"), (-300, "signed"), (-301, "early"), (10**6, "old")],
)
def test_it_is_good_for_five_minutes_both_ways(signed, seconds, said):
    assert word(signed, now=NOW + timedelta(seconds=seconds)) == said


@pytest.mark.parametrize("header", ["webhook-id", "webhook-timestamp", "webhook-signature"])
@pytest.mark.parametrize("how", ["without", "empty"])
def test_all_three_headers_are_needed(signed, header, how):
    headers = {name: value for name, value in signed.items() if name != header}
    assert word(headers if how == "without" else headers | {header: ""}) == "missing"


@pytest.mark.parametrize(
    "changed",
    [
        {"webhook-id": "msg_3"},
        {"webhook-timestamp": str(int(NOW.timestamp()) + 1)},
        {"webhook-signature": "v1,"},
        {"webhook-signature": "v1,AAAA"},
        {"webhook-signature": "v1,ü"},
        {"webhook-signature": "v1,A"},
        {"webhook-signature": "v1a,{}"},
        {"webhook-signature": "v2,{}"},
        {"webhook-signature": "{}"},
        {"webhook-signature": "V1,{}"},
    ],
)
def test_whatever_is_changed_the_signature_is_wrong(signed, changed):
    plain = signed["webhook-signature"].removeprefix("v1,")
    assert word(signed | {name: value.format(plain) for name, value in changed.items()}) == "wrong"


def test_a_changed_body_is_wrong(signed):
    assert [word(signed, body=body) for body in (BODY + b" ", BODY[1:], b"")] == ["wrong"] * 3


@pytest.mark.parametrize(
    "changed",
    [{"webhook-timestamp": text} for text in ("now", "-1", "1e9", "1.5", "٣", "0", "01", "9" * 30, "1 ")]
    + [{"webhook-id": text} for text in ("msg.1", "msg 1", "ü", "\x00", "m" * 256)],
)
def test_what_cannot_be_an_id_or_a_time_is_malformed(signed, changed):
    assert word(signed | changed) == "malformed"


def test_nobody_can_cut_a_signed_message_into_other_parts():
    """ "id.timestamp.body" reads the same for both; the second would say something else, later."""
    later = NOW + timedelta(hours=1)
    inner = f'.{int(later.timestamp())}.{{"type": "other"}}'
    headers = sign(SECRET, "msg_1", inner.encode(), at=NOW)
    cut = {
        "webhook-id": f"msg_1.{int(NOW.timestamp())}.",
        "webhook-timestamp": str(int(later.timestamp())),
        "webhook-signature": headers["webhook-signature"],
    }
    body = b'{"type": "other"}'
    parts = ((headers, inner.encode()), (cut, body))
    both = {f"{h['webhook-id']}.{h['webhook-timestamp']}.".encode() + b for h, b in parts}
    assert len(both) == 1
    assert word(cut, body=body, now=later) == "malformed"


@pytest.mark.parametrize("order", [1, -1])
def test_one_of_several_signatures_is_enough(signed, order):
    """While whoever sends changes the secret."""
    other = sign(OTHER, "msg_1", BODY, at=NOW)["webhook-signature"]
    both = [signed["webhook-signature"], other, "v1a,ed25519"][::order]
    assert word(signed | {"webhook-signature": " ".join(both)}) == "signed"
    assert word(signed | {"webhook-signature": " ".join([other] * 500)}) == "wrong"


def test_the_time_of_a_stranger_is_not_even_looked_at(signed):
    assert word(signed, secret=OTHER, now=NOW + timedelta(days=1)) == "wrong"


@given(st.dictionaries(st.sampled_from(list(sign(SECRET, "x", b"", at=NOW))), st.text()), st.binary())
def test_whatever_comes_one_exception_says_no(headers, body):
    assert word(headers, body=body) in {"missing", "malformed", "wrong"}


@given(
    st.from_regex(signing.NAME, fullmatch=True),
    st.binary(),
    st.datetimes(datetime(2000, 1, 1), datetime(2200, 1, 1)),
)
def test_whatever_is_signed_is_read(name, body, at):
    at = at.replace(tzinfo=NOW.tzinfo)
    assert verify(SECRET, sign(SECRET, name, body, at=at), body, now=at) == name
