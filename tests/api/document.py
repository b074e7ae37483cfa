"""The OpenAPI document as tests need it: its operations, and whether an answer is as it says."""

import json
import re
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from uuid import UUID

from scheduling.api.site import api

TYPES = {
    "object": dict,
    "array": list,
    "string": str,
    "boolean": bool,
    "null": type(None),
    "integer": int,
    "number": (int, float),
}
FORMATS = {"uuid": UUID, "date": date.fromisoformat, "date-time": datetime.fromisoformat}

OFFSET = re.compile(r"T\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)$")  # RFC 3339


@dataclass(frozen=True)
class Operation:
    method: str
    path: str  # as "/api/v1/doctors/{uuid}"
    said: dict

    @property
    def id(self):
        return self.said["operationId"]

    def address(self, uuid):
        return self.path.replace("{uuid}", str(uuid))

    def answers(self, path):
        return (
            re.fullmatch(re.sub(r"\\{\w+\\}", "[0-9a-f-]{36}", re.escape(self.path)), path.lower())
            is not None
        )

    def parameters(self, place):
        return {each["name"] for each in self.said["parameters"] if each["in"] == place}


@cache
def document():
    return api.get_openapi_schema()


@cache
def operations():
    """Every operation, those with a fixed address before those with a uuid in the same place."""
    found = [
        Operation(method, path, said)
        for path, methods in document()["paths"].items()
        for method, said in methods.items()
    ]
    return sorted(found, key=lambda operation: operation.path.replace("{", "~"))


def operation_at(method, path):
    """The one that answers, or None."""
    return next((each for each in operations() if each.method == method and each.answers(path)), None)


def assert_as_documented(method, path, response):
    """Status, kind of content, members, their types, and headers: all as the document has them."""
    is_head = method == "head"
    operation = operation_at("get" if is_head else method, path)
    if operation is None:
        assert response.status_code >= 400, "an answer at an address that the document does not have"
        return
    documented = operation.said["responses"]
    told = f"{operation.id} answered {response.status_code}"
    assert response.status_code in map(int, documented), f"{told}: {response.content!r}"
    answer = next(each for status, each in documented.items() if int(status) == response.status_code)
    kind = response["Content-Type"].partition(";")[0]
    assert kind in answer["content"], f"{told} as {kind}"
    missing = [name for name, each in answer["headers"].items() if each["required"] and name not in response]
    assert missing == [], told
    if is_head:
        assert response.content == b""
        return
    faults = list(faults_of(json.loads(response.content), answer["content"][kind]["schema"], "answer"))
    assert faults == [], told


def faults_of(value, schema, place):
    """What is wrong with a value, by the parts of JSON Schema that the document uses."""
    if "$ref" in schema:
        schema = document()["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    if "anyOf" in schema:
        if all(list(faults_of(value, each, place)) for each in schema["anyOf"]):
            yield f"{place} is none of what it may be: {value!r}"
        return
    if not isinstance(value, TYPES[schema["type"]]) or (schema["type"] == "integer" and value is True):
        yield f"{place} is no {schema['type']}: {value!r}"
        return
    if "enum" in schema and value not in schema["enum"]:
        yield f"{place} is not among {schema['enum']}: {value!r}"
    if "format" in schema and schema["format"] in FORMATS:
        yield from _badly_written(value, schema["format"], place)
    if isinstance(value, list):
        for number, each in enumerate(value):
            yield from faults_of(each, schema["items"], f"{place}[{number}]")
    if isinstance(value, dict):
        yield from _members(value, schema, place)


def _members(value, schema, place):
    for name in set(schema.get("required", ())) - set(value):
        yield f"{place}.{name} is missing"
    for name, each in value.items():
        if name in schema["properties"]:
            yield from faults_of(each, schema["properties"][name], f"{place}.{name}")
        else:
            yield f"{place}.{name} is not documented"


def _badly_written(value, form, place):
    try:
        FORMATS[form](value)
    except ValueError:
        yield f"{place} is no {form}: {value!r}"
        return
    if form == "date-time" and not OFFSET.search(value):
        yield f"{place} has no offset of hours and minutes: {value!r}"
