"""What Schemathesis loads (SCHEMATHESIS_HOOKS), in its own environment."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

import schemathesis

from tools.fuzz.values import Known, lead

KNOWN: Final = Known(**json.loads(Path(os.environ["FUZZ_KNOWN"]).read_text()))
# gunicorn's own limit for the first line of a request is 4094 bytes; beyond it the program is not asked.
LONGEST_ADDRESS: Final = 3800


def filter_case(_context: Any, case: Any) -> bool:
    """Leave out what the server in front refuses, whatever the program would say."""
    said = quote(f"{case.path_parameters}{case.query}", errors="replace")
    return len(said) < LONGEST_ADDRESS


def before_call(_context: Any, case: Any, _kwargs: Any) -> None:
    """Lead requests that are meant to succeed to what there is."""
    if case.meta is None or case.meta.generation.mode.value == "positive":
        parts = {
            "path": case.path_parameters,
            "query": case.query,
            "header": case.headers,
            "body": case.body,
        }
        lead(case.operation.path, parts, KNOWN)


schemathesis.hook(filter_case)
schemathesis.hook(before_call)
