"""The API as a whole: its operations, its documents, its addresses under /api/v1/."""

import json
from datetime import date
from functools import lru_cache
from typing import Any, Final, NoReturn

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, reverse
from django.utils import timezone
from django.views.decorators.http import require_safe
from ninja import NinjaAPI
from ninja.openapi.docs import DocsBase
from ninja.openapi.schema import OpenAPISchema
from ninja.operation import Operation
from ninja.parser import Parser

import scheduling.api.paths  # noqa: F401  (the kind of address that operations name)
from scheduling.access import api_key, public
from scheduling.api import openapi, problems
from scheduling.api.operations import clinic, openings, patients, visit_changes
from scheduling.api.operations.answers import known_parameters
from scheduling.clock import clinic_today

# The same for every clinic: generators of clients name their package after it.
TITLE: Final = "Appointment book"
VERSION: Final = "1.0.0"
# No request has as many. Each unknown one is refused by itself, and 2 MB of them took a worker 15 seconds.
MOST_MEMBERS: Final = 100
DOCUMENTS: Final = frozenset({"openapi-json", "openapi-view", "api-root"})


def _no_such_number(name: str) -> NoReturn:
    raise ValueError(f"{name} is no number of JSON")


def _each_once(members: list[tuple[str, Any]]) -> dict[str, Any]:
    said = dict(members)
    if len(said) < len(members):
        raise ValueError("a name is given twice")
    if len(said) > MOST_MEMBERS:
        raise ValueError("too many members")
    return said


def _is_said_to_be_json(request: HttpRequest) -> bool:
    """As its header has it, or no header at all. JSON between programs is UTF-8 (RFC 8259, 8.1)."""
    charset = (request.content_params or {}).get("charset", "utf-8").lower()
    kind = request.content_type or ""
    is_json = kind == openapi.JSON or (kind.startswith("application/") and kind.endswith("+json"))
    return not kind or (is_json and charset in ("utf-8", "utf8"))


class StrictParser(Parser):
    """JSON that can be stored: no NaN, no half of a surrogate pair; nor two values under one name."""

    def parse_body(self, request: HttpRequest) -> Any:
        if not _is_said_to_be_json(request):
            raise problems.HttpProblem(415)
        said = json.loads(request.body, parse_constant=_no_such_number, object_pairs_hook=_each_once)
        if b"\\u" in request.body:
            json.dumps(said, ensure_ascii=False).encode()
        return said


class DocsPage(DocsBase):
    """The document for people, at /api/v1/docs."""

    def render_page(self, request: HttpRequest, api: NinjaAPI, **params: Any) -> HttpResponse:
        title = f"{settings.CLINIC_NAME}: appointments"
        shown = {"title": title, "document": self.get_openapi_url(api, params)}
        return render(request, "api/docs.html", shown)


class ClinicAPI(NinjaAPI):
    def get_openapi_schema(self, **options: Any) -> OpenAPISchema:
        document = super().get_openapi_schema(**options)
        openapi.complete(document, clinic_today(timezone.now()))
        return document

    def get_openapi_operation_id(self, operation: Operation) -> str:
        return operation.view_func.__name__


api = ClinicAPI(
    title=TITLE,
    version=VERSION,
    docs=DocsPage(),
    parser=StrictParser(),
    urls_namespace="api",
)
problems.register(api)
api.add_decorator(known_parameters)
for module in (clinic, patients, openings, visit_changes):
    api.add_router("", module.router)


@lru_cache(maxsize=2)
def _document(root: str, today: date) -> bytes:
    """Made once a day in each process: it takes a tenth of a second. `root`: where the operations are."""
    return json.dumps(api.get_openapi_schema(path_prefix=root)).encode()


def document(request: HttpRequest) -> HttpResponse:
    """/api/v1/openapi.json: it says what can be asked for, and nothing of the clinic's data."""
    today = clinic_today(timezone.now())
    return HttpResponse(_document(reverse("api:api-root"), today), content_type=openapi.JSON)


def urls() -> list[URLPattern]:
    """Every address with its mark: the documents are for everybody, the rest is for keys."""
    patterns, _app, _namespace = api.urls
    for pattern in patterns:
        assert isinstance(pattern, URLPattern)  # noqa: S101
        if pattern.name == "openapi-json":
            pattern.callback = require_safe(document)
        mark = public if pattern.name in DOCUMENTS else api_key
        pattern.callback = mark(pattern.callback)
    return [pattern for pattern in patterns if isinstance(pattern, URLPattern)]
