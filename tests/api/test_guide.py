"""The tables of docs/api.md have what the API can answer, all of it and nothing else."""

import ast
import json
import re
from http import HTTPStatus

from django.conf import settings

from accounts.models import Scope
from scheduling.api import openapi, problems
from scheduling.api.schemas.problems import Taken
from scheduling.booking import fitting, rules
from tests.api.guide import blocks, codes, in_code, page, table

# Reasons of the engine that no operation of the API can meet.
OF_OTHER_DOORS = {
    "not_online",  # of patients who book for themselves
    "too_soon",  # the same
    "overbook_limit",  # overbooking is the desk's
    "not_allowed",  # undoing and overbooking
    "nothing_to_undo",
    "already_saved",  # time off and hours
    "twice_on_the_clock",  # a wall clock's time: here each has its offset
    "not_on_the_clock",
    "minutes_out_of_range",  # the schemas refuse these before
    "buffer_out_of_range",
    "description_too_long",
    "reason_too_long",
    "status_not_new",
}
# Of the fields that read texts (forms.fields), as far as the schemas let a text come to them.
OF_FIELDS = {"required", "invalid", "digits", "several", "label_too_long", "null_characters_not_allowed"}
# Refused by Django or by its middleware, for any address under /api/.
IN_GENERAL = {HTTPStatus(status).name.lower() for status in (400, 404, 405, 411, 413, 415, 500, 503)}
IN_GENERAL.add("uri_too_long")  # Python 3.13's name


def codes_in(path, functions):
    """The codes that are written out in a source file, in calls of these functions: the first text."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not isinstance(node, ast.Call) or getattr(node.func, "id", "") not in functions:
            continue
        given = [*node.args, *(each.value for each in node.keywords if each.arg == "code")]
        texts = [
            each.value for each in given if isinstance(each, ast.Constant) and isinstance(each.value, str)
        ]
        found |= set(texts[:1])
    return found


def written_codes():
    api = [
        codes_in(path, {"Invalid", "refusal", "_problem", "Reason"})
        for path in (settings.BASE_DIR / "scheduling" / "api").rglob("*.py")
    ]
    engine = codes_in(settings.BASE_DIR / "scheduling" / "booking" / "rules.py", {"Problem"})
    assert engine >= OF_OTHER_DOORS
    engine |= set(fitting.CODES)
    return set().union(*api) | (engine - OF_OTHER_DOORS) | set(problems.WORDS) | OF_FIELDS | IN_GENERAL


def test_the_table_has_every_code():
    """`Program`, by which tests ask, sees to it for every answer; here, that none is left out or outdated."""
    assert codes() == written_codes()


def test_the_walk_finds_codes_of_each_kind():
    """A control for the test above."""
    found = written_codes()
    assert found >= {"stale", "cursor", "naive_datetime", "doctor_taken", "missing", "scope", "one_of"}
    assert rules.too_early().code in found
    assert "not_online" not in found


def test_the_table_has_the_conflicts_with_their_status():
    rows = table("Codes of problems")
    conflicts = {code for row in rows if row[1] == "409" for code in in_code(row[0])}
    assert conflicts == problems.CONFLICTS


def test_the_table_has_every_status(client, db):
    document = client.get("/api/v1/openapi.json").json()
    documented = {
        status
        for methods in document["paths"].values()
        for each in methods.values()
        for status in each["responses"]
    }
    said = {row[0] for row in table("Answers")}
    assert said == documented | {"405", "414"}  # those belong to no operation


def test_the_tables_have_the_limits_and_their_headers():
    limits = {in_code(row[0])[0]: int(row[2]) for row in table("A key")}
    assert limits == settings.API_LIMITS
    assert set(limits) == set(Scope.values)
    headers = {name for row in table("Limits") for name in in_code(row[0])}
    assert headers == {*openapi.LEFT, "RateLimit", "RateLimit-Policy", "Retry-After"}


def test_the_refusal_is_one(website, wanted, osei, ben):
    """The one that is shown has the members and the words of a real one."""
    (block,) = blocks("json")
    shown = json.loads(block)
    website.post("appointments", wanted())
    real = website.post("appointments", wanted(patient_uuid=ben.uuid)).json()
    assert list(shown) == list(real) == list(Taken.model_fields)
    same = ("type", "title", "status", "detail", "problems")
    assert {name: shown[name] for name in same} == {name: real[name] for name in same}
    assert shown["nearest"][0].keys() == real["nearest"][0].keys()


def test_what_the_page_points_to_is_there():
    links = re.findall(r"\]\(([^)#]+)\)", page())
    assert links
    for link in links:
        assert (settings.BASE_DIR / "docs" / link).exists(), link
