"""The program with three faults planted, for the control of a trial (`trial.PLANTED`). Runs in `.venv`."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django.http import HttpResponse

from appointments_site.wsgi import application as program

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIEnvironment


def application(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
    path: str = environ["PATH_INFO"]
    environ.pop("HTTP_ACCEPT_ENCODING", None)
    if path == "/api/v1/doctors":  # whatever the address says is accepted
        environ["QUERY_STRING"] = ""
    status, headers, body = _answer(environ)
    if status.startswith("200"):
        if path.startswith("/api/v1/specialties/"):
            status = "500 Internal Server Error"
        if path.startswith("/api/v1/visit-types/"):
            body = body.replace(b'"minutes": ', b'"minutes": "half an hour", "were": ')
    headers = [each for each in headers if each[0].lower() != "content-length"]
    start_response(status, [*headers, ("Content-Length", str(len(body)))])
    return [body]


def _answer(environ: WSGIEnvironment) -> tuple[str, list[tuple[str, str]], bytes]:
    told: list[Any] = []

    def start(status: str, headers: list[tuple[str, str]], *_: Any) -> Any:
        told[:] = [status, headers]

    answer = program(environ, start)
    body = b"".join(answer)
    if isinstance(answer, HttpResponse):
        answer.close()
    return told[0], told[1], body
