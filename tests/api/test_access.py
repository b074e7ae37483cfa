"""Each operation of the document, with every kind of key there is and with none."""

from datetime import timedelta

import pytest

from accounts import api_keys
from accounts.models import ApiKey, Scope
from scheduling.models import Doctor, FirstRequest
from tests.api.conftest import Program
from tests.api.document import operations
from tests.api.good import WRITES
from tests.booking.asking import stored
from tests.conftest import NOW

EACH = pytest.mark.parametrize("operation", operations(), ids=lambda operation: operation.id)


def needed(operation):
    """The smallest scope that opens it."""
    if operation.method == "get" or operation.id == "search_patients":
        return Scope.READ
    return Scope.MANAGE if operation.id == "create_doctor" else Scope.BOOK


def everything():
    return stored(), list(FirstRequest.objects.values()), list(Doctor.objects.values())


@pytest.fixture
def strangers(program, client):
    """A program for each way not to be let in; all had the largest scope."""
    soon = program("manage", "Expired", expires_at=NOW + timedelta(hours=1))
    ApiKey.objects.filter(pk=soon.key.pk).update(expires_at=NOW)  # from that instant on, it is over
    revoked = program("manage", "Revoked")
    api_keys.revoke(revoked.key, now=NOW)
    switched_off = program("manage", "Switched off")
    switched_off.key.user.is_active = False
    switched_off.key.user.save()
    good = program("manage", "Good").headers["Authorization"]
    texts = {
        "nothing": "",
        "no key": "Bearer",
        "a blank": "Bearer  ",
        "wrong": "Bearer clinic_wrong",
        "half a key": good[:-1],
        "more than a key": good + "x",
        "other capitals": "Bearer " + good.removeprefix("Bearer ").swapcase(),
        "two keys": f"{good}, {good}",
        "another scheme": good.replace("Bearer", "Basic"),
        "without a scheme": good.removeprefix("Bearer "),
        "huge": "Bearer " + "x" * 50_000,
        "odd": "Bearer \xff\x00’",
    }
    found = {name: Program(client) for name in texts}
    for name, text in texts.items():
        found[name].headers = {"Authorization": text} if text else {}
    return found | {"expired": soon, "revoked": revoked, "switched off": switched_off}


@EACH
def test_who_has_no_good_key_is_refused_alike_whatever_is_wrong_with_it(clinic, strangers, operation):
    clinic.before(operation.id)
    before = everything()
    answers = {}
    for name, stranger in strangers.items():
        answer = clinic.ask(stranger, operation)
        del answer.headers["X-Request-ID"]  # each its own
        answers[name] = (answer.status_code, answer.content, sorted(answer.headers.items()))
    assert len(set(map(str, answers.values()))) == 1, answers
    status, content, headers = answers["nothing"]
    assert status == 401
    assert b'"unauthorized"' in content
    assert dict(headers)["WWW-Authenticate"] == "Bearer"
    assert everything() == before


@EACH
@pytest.mark.parametrize("scope", Scope)
def test_a_key_opens_what_its_scope_holds(clinic, program, operation, scope):
    asks = program(scope)
    clinic.before(operation.id)
    before = everything()
    answer = clinic.ask(asks, operation)
    if scope.includes(needed(operation)):
        assert answer.status_code in {200, 201}
        assert (everything() != before) == (operation.id in WRITES)
        return
    assert answer.status_code == 403
    assert [each["code"] for each in answer.json()["problems"]] == ["scope"]
    wanted = f'Bearer error="insufficient_scope", scope="{needed(operation)}"'
    assert answer["WWW-Authenticate"] == wanted
    assert everything() == before


@EACH
def test_who_asks_is_known_before_what_is_asked(clinic, program, operation):
    """A stranger does not learn what is on record, nor how a request has to look."""
    asks = program("")
    unknown = operation.address("0b1d8a52-6d0e-4a53-9a57-3f7f3c1d2e4a").removeprefix("/api/v1/")
    for address in (unknown, f"{unknown}?nonsense=1"):
        request = {} if operation.method == "get" else {"data": b"{", "content_type": "application/json"}
        assert asks.ask(operation.method, address, **request).status_code == 401


def test_the_name_of_the_scheme_has_no_capitals_of_its_own(clinic, website):
    website.headers["Authorization"] = website.headers["Authorization"].replace("Bearer", "bEARER")
    assert website.get("doctors").status_code == 200


def test_a_member_of_staff_who_is_signed_in_is_no_program(clinic, program, client, max_):
    client.force_login(max_)
    for operation in operations():
        assert clinic.ask(program(""), operation).status_code == 401


def test_a_page_of_another_site_gets_no_answer_to_read(clinic, website):
    """No header of CORS: a key would have to lie in a page that anybody reads."""
    answer = website.get("doctors", headers={"Origin": "https://elsewhere.example"})
    assert [name for name in answer.headers if name.startswith("Access-Control")] == []


def test_a_key_opens_no_page(website, client):
    for address in ("/desk/", "/admin/", "/account/password/"):
        assert client.get(address, headers=website.headers).status_code in {302, 404}
