"""The back office. Managers keep doctors, hours, visit types, patients and staff; visits are read here and
changed at the desk."""

from scheduling.admin import appointments, attention, people, site, users, visit_types

__all__ = ["appointments", "attention", "people", "site", "users", "visit_types"]
