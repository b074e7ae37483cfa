"""docs/webhooks.md: its code tells our messages from others, in each language, and its tables are true."""

import json
import re
import subprocess
import time
from base64 import b64encode
from datetime import UTC, datetime, timedelta

import pytest
from django.conf import settings as site

from scheduling.models import Notice, Reply
from scheduling.notices import reading, replies, signing
from tests.notices.test_signing import OTHER, SECRET

pytestmark = pytest.mark.once

PAGE = (site.BASE_DIR / "docs" / "webhooks.md").read_text(encoding="utf-8")
BODY = '{"text": "Sí. 7567"}'.encode()
PROGRAMS = {
    "javascript": (
        ["node", "-e"],
        "const [s, h, b] = JSON.parse(process.argv[1]);"
        'process.stdout.write(String(verify(s, h, Buffer.from(b, "base64"))));',
    ),
    "php": (
        ["php", "-r"],
        "[$s, $h, $b] = json_decode($argv[1], true); "
        "echo verify($s, $h, base64_decode($b)) ? 'true' : 'false';",
    ),
}


def blocks(language):
    return re.findall(rf"^```{language}\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)


def in_python(secret, headers, body):
    names = {}
    exec(blocks("python")[0], names)
    return names["verify"](secret, headers, body)


def elsewhere(language, secret, headers, body):
    program, call = PROGRAMS[language]
    given = json.dumps([secret, headers, b64encode(body).decode()])
    command = [*program, blocks(language)[0] + call, given]
    return json.loads(subprocess.run(command, capture_output=True, check=True, text=True).stdout)


# `make browser` installs what runs it.
@pytest.mark.parametrize(
    "language", ["python", *(pytest.param(name, marks=pytest.mark.browser) for name in PROGRAMS)]
)
def test_its_code_tells_our_messages_from_others(language):
    def verify(*asked):
        return in_python(*asked) if language == "python" else elsewhere(language, *asked)

    now = datetime.fromtimestamp(time.time(), UTC)
    good = signing.sign(SECRET, "msg_1", BODY, at=now)
    other = signing.sign(OTHER, "msg_1", BODY, at=now)["webhook-signature"]
    both = {"webhook-signature": f"{other} {good['webhook-signature']}"}
    asked = {
        "as it is": (SECRET, good, BODY),
        "one of two": (SECRET, good | both, BODY),
        "another secret": (OTHER, good, BODY),
        "another body": (SECRET, good, BODY + b" "),
        "another name": (SECRET, good | {"webhook-id": "msg_2"}, BODY),
        "another signature": (SECRET, good | {"webhook-signature": f"v1,{'A' * 43}="}, BODY),
        "too short": (SECRET, good | {"webhook-signature": "v1,AAAA"}, BODY),
        "old": (SECRET, signing.sign(SECRET, "m", BODY, at=now - timedelta(minutes=6)), BODY),
        "early": (SECRET, signing.sign(SECRET, "m", BODY, at=now + timedelta(minutes=6)), BODY),
    }
    assert {how: verify(*one) for how, one in asked.items()} == {
        how: how in {"as it is", "one of two"} for how in asked
    }


def test_its_secret_is_one():
    command = re.search(r'^python3 -c "(.*)"$', PAGE, re.MULTILINE)[1]
    made = subprocess.run(
        ["python3", "-c", command], capture_output=True, check=True, text=True
    ).stdout.strip()
    assert len(signing.key_of(made)) == 32
    assert made.startswith("whsec_")


def test_its_examples_are_json_and_of_every_type():
    said = [json.loads(block) for block in blocks("json")]
    assert [one["type"] for one in said] == ["message", "reply", "delivered", "bounced"]
    assert said[0]["kind"] in Notice.Kind.values


def test_it_names_every_kind_outcome_and_word_of_the_table():
    for kind in Notice.Kind.values:
        assert f"`{kind}`" in PAGE
    for outcome in Reply.Outcome.values:
        assert f"`{outcome}`" in PAGE
    written = re.findall(r"`([^`]+?)(?: 7567)?`", PAGE.split("| they write |")[1].split("\n\n")[0])
    assert len(written) == 9
    assert all(reading.read(text).meaning != Reply.Meaning.UNCLEAR for text in written)
    assert f"until {replies.CUT_OFF.total_seconds() / 3600:.0f} hours before" in PAGE
