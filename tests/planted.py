"""A patient like no other, in a module of her own: tracebacks show the lines around what failed."""

NAME = "Zenobia"
LASTNAME = "Quatermain-Uhlenhorst"
EMAIL = "zq.uhlenhorst@planted.example"
PHONE = "+34611555937"
BORN = "1931-07-23"
REASON = "Xylophobia with hiccups"

AS_A_FORM = {
    "patient_name": NAME,
    "patient_lastname": LASTNAME,
    "date_of_birth": "23/07/1931",
    "email": EMAIL,
    "phone": PHONE,
}
# As they may be written somewhere.
VALUES = (
    NAME,
    LASTNAME,
    LASTNAME.partition("-")[0],
    EMAIL,
    PHONE,
    "611 55 59 37",
    "611555937",
    BORN,
    "23/07/1931",
    "1931, 7, 23",
    REASON,
    REASON.partition(" ")[0],
)
