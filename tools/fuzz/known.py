"""What requests can name: asked of the API itself, with a key that may do all."""

from __future__ import annotations

import json
from typing import Any, Final
from urllib.error import HTTPError
from urllib.request import Request, urlopen

from tools.fuzz.values import Known


class Unusable(Exception):
    """The clinic that was made for the trial cannot be asked; the message is for people."""


FEW: Final = 20  # of each kind
LONG: Final = 60  # minutes: free for any visit of the demo clinic


class Asking:
    """GET of an address below the API's, as JSON."""

    def __init__(self, address: str, key: str) -> None:
        self.address = address
        self.headers = {"Authorization": f"Bearer {key}"}

    def __call__(self, what: str) -> Any:
        request = Request(self.address + what, headers=self.headers)  # noqa: S310  (http, of our own)
        try:
            with urlopen(request, timeout=30) as answer:  # noqa: S310
                return json.load(answer)
        except HTTPError as error:
            raise Unusable(
                f"GET {what} answered {error.code} to a new key: {error.read().decode()}"
            ) from error


def known(ask: Asking) -> Known:
    """What the demo clinic has. Raises `Unusable` where it has nothing of a kind."""
    kinds = {"specialty": "specialties", "visit_type": "visit-types"}
    kinds |= {kind: f"{kind}s" for kind in ("doctor", "patient", "appointment")}
    items = {kind: ask(f"{name}?limit={FEW}")["items"] for kind, name in kinds.items()}
    openings = []
    for doctor in items["doctor"]:
        openings += ask(f"openings?limit=100&days=14&minutes={LONG}&doctor={doctor['uuid']}")["items"]
    # The first appointments are long past; of those to come, most can still be moved.
    for day in sorted({opening["appointment_datetime"][: len("2026-03-31")] for opening in openings})[1:]:
        items["appointment"] += ask(f"appointments?limit=100&day={day}")["items"]
    rows = {kind: [item["uuid"] for item in of_kind] for kind, of_kind in items.items()}
    free = [(opening["doctor_uuid"], opening["appointment_datetime"]) for opening in openings]
    there = Known(rows, free, [patient["patient_name"] for patient in items["patient"]])
    if not (all(rows.values()) and free and there.words):
        raise Unusable("The demo clinic has nothing that requests could name.")
    return there
