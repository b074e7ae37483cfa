"""What an account may do: the names of all rights, and which of them somebody has.

A right is a permission of Django's, so that a manager gives and takes it in the back office. Its name is the
one that `User.has_perm` takes. Where Django's own permissions fit, they are used; the others stand in the
`Meta.permissions` of a model.
"""

from typing import Final

from accounts.models import User

# The desk: to be let in, and what is done there. Each page names what it needs (`access.desk`).
USE_DESK: Final = "scheduling.use_desk"
VIEW_VISITS: Final = "scheduling.view_appointment"
BOOK: Final = "scheduling.add_appointment"
CHANGE_VISITS: Final = "scheduling.change_appointment"
VIEW_PATIENTS: Final = "scheduling.view_patient"
ADD_PATIENTS: Final = "scheduling.add_patient"
CHANGE_PATIENTS: Final = "scheduling.change_patient"
MERGE_PATIENTS: Final = "scheduling.merge_patient"
VIEW_ATTENTION: Final = "scheduling.view_flag"
RESOLVE_ATTENTION: Final = "scheduling.resolve_flag"
SWITCH_ON: Final = "scheduling.switch_on_again"
SEND_NOTICES: Final = "scheduling.send_notice"

# Doctors' hours, and the exceptions from them.
CHANGE_HOURS: Final = "scheduling.change_workinghours"
ADD_TIME_OFF: Final = "scheduling.add_timeoff"
REMOVE_TIME_OFF: Final = "scheduling.delete_timeoff"
ADD_EXTRA_HOURS: Final = "scheduling.add_extrahours"
BLOCK_TIME: Final = "scheduling.block_time"
REMOVE_EXTRA_HOURS: Final = "scheduling.delete_extrahours"

# The back office: addresses at which a calendar program follows a doctor's visits.
SHARE_CALENDARS: Final = "scheduling.share_calendar"

# What the engine itself asks for, whichever page it is called from.
OVERBOOK: Final = "scheduling.overbook_appointment"
OUTSIDE_HOURS: Final = "scheduling.book_outside_hours"
UNDO: Final = "scheduling.undo_appointment"

ALL: Final = frozenset(
    {
        *(USE_DESK, VIEW_VISITS, BOOK, CHANGE_VISITS),
        *(VIEW_PATIENTS, ADD_PATIENTS, CHANGE_PATIENTS, MERGE_PATIENTS),
        *(VIEW_ATTENTION, RESOLVE_ATTENTION, SWITCH_ON, SEND_NOTICES),
        *(CHANGE_HOURS, ADD_TIME_OFF, REMOVE_TIME_OFF, ADD_EXTRA_HOURS, REMOVE_EXTRA_HOURS, BLOCK_TIME),
        *(OVERBOOK, OUTSIDE_HOURS, UNDO),
        SHARE_CALENDARS,
    }
)


def rights_of(account: User | None) -> frozenset[str]:
    """The rights that an account has, of those above; None (the clock, a patient) has none.

    Asks the database at most once for each `User` object, and not for who is signed in: they have come with
    their permissions. A superuser has every right, an account that is switched off has none.
    """
    if account is None or not account.is_active:
        return frozenset()
    return ALL if account.is_superuser else ALL & account.permission_names
