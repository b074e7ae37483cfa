"""Doctors as pages offer them."""

from scheduling.models import Doctor, Specialty


def of(specialty: Specialty | None) -> list[Doctor]:
    """The active doctors of a specialty, or all of them, with their specialty: 1 query."""
    rows = Doctor.objects.active().select_related("specialty")
    return list(rows if specialty is None else rows.filter(specialty=specialty))
