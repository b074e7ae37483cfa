"""The three kinds of staff, kept as Django groups. The names are stored: change them only by a migration.

No page asks for a role. It asks for rights (`scheduling.booking.rights`), which migrations give to these
groups, and which a manager gives or takes in the back office.
"""

from typing import Final

RECEPTIONIST: Final = "receptionist"
MANAGER: Final = "manager"
DOCTOR: Final = "doctor"

ALL: Final = (RECEPTIONIST, MANAGER, DOCTOR)
