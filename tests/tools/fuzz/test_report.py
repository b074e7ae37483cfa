"""A run of Schemathesis counts only for what it reached."""

import json

import pytest

from tools.fuzz import report

LIST, MAKE = ("GET", "/api/v1/doctors"), ("POST", "/api/v1/doctors")
DOCUMENT = {"paths": {"/api/v1/doctors": {"get": {}, "post": {}, "parameters": []}}}


def scenario(*asked):
    """An event of the report: (operation, status, names of failed checks) of each request."""
    cases, checks, interactions = {}, {}, {}
    for number, ((method, path), status, failed) in enumerate(asked):
        cases[str(number)] = {"value": {"method": method, "path": path}}
        checks[str(number)] = [{"name": "not_a_server_error", "status": "success"}]
        checks[str(number)] += [{"name": name, "status": "failure"} for name in failed]
        interactions[str(number)] = {"response": status and {"status_code": status}}
    recorder = {"cases": cases, "checks": checks, "interactions": interactions}
    return json.dumps({"ScenarioFinished": {"recorder": recorder}})


SKIPPED = json.dumps({"ScenarioFinished": {"recorder": {"label": "GET /api/v1/doctors"}}})
ENDED = json.dumps({"EngineFinished": {"stop_reason": "completed"}})


def reached(*asked):
    return report.read([SKIPPED, scenario(*asked), ENDED])


def missing(*asked, may_do_all=True):
    return report.shortcomings(reached(*asked), [LIST, MAKE], may_do_all=may_do_all)


def test_the_operations_of_a_document():
    assert report.operations(DOCUMENT) == [LIST, MAKE]
    assert report.operations({"openapi": "3.1.0"}) == []


def test_where_each_operation_succeeded_nothing_is_missing():
    assert missing((LIST, 200, []), (LIST, 422, []), (MAKE, 201, [])) == []


def test_a_document_without_operations_says_nothing():
    assert report.shortcomings(reached(), [], may_do_all=True) == ["The document has no operations."]


def test_an_operation_that_was_not_asked_or_never_succeeded_is_told():
    assert missing((MAKE, 422, []), (MAKE, 400, [])) == [
        "GET /api/v1/doctors never succeeded: it was not asked.",
        "POST /api/v1/doctors never succeeded: 400, 422.",
    ]


@pytest.mark.parametrize("status", [401, 403])
def test_a_key_that_is_refused_everywhere_is_told(status):
    assert len(missing((LIST, status, []), (MAKE, status, []))) == 2
    assert missing((LIST, status, []), (MAKE, 201, []), may_do_all=False) == [
        f"GET /api/v1/doctors never succeeded: {status}."
    ]


def test_a_smaller_key_may_be_turned_away_from_what_changes_something():
    assert missing((LIST, 200, []), (MAKE, 403, []), (MAKE, 401, []), may_do_all=False) == []
    assert missing((LIST, 200, []), (MAKE, 401, []), may_do_all=False) == [
        "POST /api/v1/doctors never succeeded: 401."
    ]


def test_a_limit_in_the_way_is_told_whatever_else_succeeded():
    assert missing((LIST, 200, []), (LIST, 429, []), (MAKE, 201, [])) == [
        "The limit of requests a minute was in the way (429)."
    ]


@pytest.mark.parametrize("lines", [[], [scenario((LIST, 200, []), (MAKE, 201, []))]])
def test_a_run_that_did_not_end_is_told(lines):
    assert "The run was cut short." in report.shortcomings(report.read(lines), [LIST, MAKE], may_do_all=True)


def test_an_answer_that_never_came_is_no_success():
    assert missing((LIST, None, []), (MAKE, 201, [])) == ["GET /api/v1/doctors never succeeded: 0."]


def test_a_fault_is_counted_once_for_each_operation_and_check():
    found = reached((LIST, 500, ["not_a_server_error"]), (LIST, 500, ["not_a_server_error"]), (MAKE, 201, []))
    assert found.faults == {("GET /api/v1/doctors", "not_a_server_error")}
    assert report.line("read", found, [LIST, MAKE]) == (
        "scope read   2 operations, 1 with success, 3 requests, 1 faults"
    )
