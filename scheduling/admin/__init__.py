"""The back office. Managers keep doctors, hours, visit types, patients, staff and other programs'
keys; visits are read here and changed at the desk."""

from scheduling.admin import (
    api_keys,
    appointments,
    attention,
    jobs,
    messages,
    notices,
    people,
    site,
    users,
    visit_types,
)

__all__ = [
    "api_keys",
    "appointments",
    "attention",
    "jobs",
    "messages",
    "notices",
    "people",
    "site",
    "users",
    "visit_types",
]
