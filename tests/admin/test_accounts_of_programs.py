"""The account under which a program's changes stand is nobody who works here."""

from accounts import api_keys
from accounts.models import Scope, User
from scheduling.identity import identity_of
from tests.conftest import NOW


def test_accounts_of_programs_are_no_staff(root, osei):
    key, _ = api_keys.issue("Website", Scope.BOOK, expires_at=None, now=NOW)
    assert key.user.username not in root.get("/admin/accounts/user/").content.decode()
    address = f"/admin/accounts/user/{identity_of(key.user)}/"
    for name in ("change/", "password/"):
        secret = {
            "password1": "long and unlikely 7",
            "password2": "long and unlikely 7",
            "usable_password": "true",
        }
        response = root.post(
            f"{address}{name}", {"username": "x", "is_superuser": "on", **secret}, follow=True
        )
        assert response.status_code in {200, 404}
    account = User.objects.get(pk=key.user_id)
    assert (account.username, account.is_superuser, account.has_usable_password()) == (
        key.user.username,
        False,
        False,
    )
    doctor = f"/admin/scheduling/doctor/{osei.uuid}/change/"
    html = root.get(doctor).content.decode()
    assert identity_of(key.user) not in html
    assert identity_of(root.user) in html
    form = {"doctor_name": "Dr X", "email": osei.email, "specialty": str(osei.specialty.uuid)}
    assert (
        root.post(doctor, {**form, "overbook_limit": "1", "user": identity_of(key.user)}).status_code == 200
    )
    osei.refresh_from_db()
    assert osei.user is None
