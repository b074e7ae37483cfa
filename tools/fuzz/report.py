"""What a run of Schemathesis reached, read from its report, and what it should have reached and did not.

A run that is refused at the door finds no fault either: it has to show that it went in.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, Final

Operation = tuple[str, str]  # GET, /api/v1/doctors/{uuid}
METHODS: Final = {"get", "post", "put", "patch", "delete"}


@dataclass
class Reached:
    """`answers`: how often each operation answered with each status. `faults`: failed checks, each once."""

    answers: dict[Operation, Counter[int]] = field(default_factory=lambda: defaultdict(Counter))
    faults: set[tuple[str, str]] = field(default_factory=set)
    is_complete: bool = False

    @property
    def requests(self) -> int:
        return sum(map(Counter.total, self.answers.values()))

    def add(self, other: Reached) -> None:
        """What another run of the same key reached besides."""
        for operation, statuses in other.answers.items():
            self.answers[operation] += statuses
        self.faults |= other.faults
        self.is_complete &= other.is_complete

    def succeeded(self, operation: Operation) -> bool:
        return any(200 <= status < 300 for status in self.answers[operation])


def operations(document: dict[str, Any]) -> list[Operation]:
    """The operations of an OpenAPI document."""
    paths = document.get("paths", {}).items()
    return [(name.upper(), path) for path, methods in paths for name in methods if name in METHODS]


def read(lines: Iterable[str]) -> Reached:
    """The events of one run, one a line (--report ndjson)."""
    reached = Reached()
    for line in lines:
        event: dict[str, Any] = json.loads(line)
        reached.is_complete |= event.get("EngineFinished", {}).get("stop_reason") == "completed"
        recorded = event.get("ScenarioFinished", {}).get("recorder", {})
        for operation, interaction in _interactions(recorded):
            answer = interaction.get("response") or {"status_code": 0}  # it was cut off
            reached.answers[operation][answer["status_code"]] += 1
        reached.faults |= set(_faults(recorded))
    return reached


def _interactions(recorded: dict[str, Any]) -> Iterator[tuple[Operation, dict[str, Any]]]:
    for case, interaction in recorded.get("interactions", {}).items():
        asked = recorded["cases"][case]["value"]
        yield (asked["method"], asked["path"]), interaction


def _faults(recorded: dict[str, Any]) -> Iterator[tuple[str, str]]:
    for case, checks in recorded.get("checks", {}).items():
        asked = recorded["cases"][case]["value"]
        for check in checks:
            if check["status"] == "failure":
                yield f"{asked['method']} {asked['path']}", check["name"]


def missed(reached: Reached, wanted: Iterable[Operation], *, may_do_all: bool) -> list[Operation]:
    """Those that never succeeded and should have. A key that may not do all may be turned away with 403 where
    something would be changed."""
    return [
        operation
        for operation in wanted
        if not reached.succeeded(operation)
        and not (403 in reached.answers[operation] and not may_do_all and operation[0] != "GET")
    ]


def shortcomings(reached: Reached, wanted: Iterable[Operation], *, may_do_all: bool) -> list[str]:
    """Sentences on what this run says nothing about."""
    wanted = list(wanted)
    if not wanted:
        return ["The document has no operations."]
    found = [] if reached.is_complete else ["The run was cut short."]
    for operation in missed(reached, wanted, may_do_all=may_do_all):
        told = ", ".join(map(str, sorted(reached.answers[operation]))) or "it was not asked"
        found.append(f"{' '.join(operation)} never succeeded: {told}.")
    if any(429 in statuses for statuses in reached.answers.values()):
        found.append("The limit of requests a minute was in the way (429).")
    return found


def line(scope: str, reached: Reached, wanted: Iterable[Operation]) -> str:
    """The scope's summary, for people."""
    wanted = list(wanted)
    succeeded = sum(map(reached.succeeded, wanted))
    return (
        f"scope {scope:6} {len(wanted)} operations, {succeeded} with success, "
        f"{reached.requests} requests, {len(reached.faults)} faults"
    )
