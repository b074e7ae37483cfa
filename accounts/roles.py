"""The three kinds of staff, kept as Django groups. The names are stored: change them only by a migration."""

from typing import Final

RECEPTIONIST: Final = "receptionist"
MANAGER: Final = "manager"
DOCTOR: Final = "doctor"

ALL: Final = (RECEPTIONIST, MANAGER, DOCTOR)
# Who books visits and looks after the day.
DESK: Final = (RECEPTIONIST, MANAGER)
