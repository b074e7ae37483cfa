"""Codes that answers by text message carry."""

import secrets
from datetime import datetime


def new_code(now: datetime) -> str:
    return f"{secrets.randbelow(10_000):04}"
