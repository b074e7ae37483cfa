import time_machine

from scheduling.booking import attention
from scheduling.identity import identity_of
from scheduling.models import Flag
from tests.admin.conftest import doubt
from tests.conftest import NOW


def mark(client, *flags, **more):
    data = {"action": "mark_resolved", "_selected_action": [identity_of(flag) for flag in flags], **more}
    return client.post("/admin/scheduling/flag/", data, follow=True)


def test_doubts_that_were_chosen_are_resolved_by_whoever_chose_them(office, max_, visit, osei, ana):
    chosen, also, left = doubt(visit), doubt(osei), doubt(ana)
    with time_machine.travel(NOW, tick=False):
        office.force_login(max_)
        response = mark(office, chosen, also)
    assert "2 doubts are resolved." in response.content.decode()
    for flag in (chosen, also):
        flag.refresh_from_db()
        assert (flag.resolved_at, flag.resolved_by) == (NOW, max_)
    left.refresh_from_db()
    assert left.resolved_at is None


def test_a_key_chooses_nothing(office, osei):
    flag = doubt(osei)
    data = {"action": "mark_resolved", "_selected_action": [str(flag.pk)]}
    office.post("/admin/scheduling/flag/", data)
    flag.refresh_from_db()
    assert flag.resolved_at is None


def test_all_can_be_chosen_at_once(office, osei, ana):
    flag = doubt(osei)
    doubt(ana)
    mark(office, flag, select_across="1")
    assert not Flag.objects.unresolved().exists()


def test_a_doubt_keeps_who_resolved_it_first(rae, max_, osei, now):
    flag = doubt(osei, resolved_at=now, resolved_by=rae)
    doubt(osei)
    later = now.replace(hour=23)
    assert attention.resolve(Flag.objects.all(), by=max_, now=later) == 1
    flag.refresh_from_db()
    assert (flag.resolved_at, flag.resolved_by) == (now, rae)


def test_whoever_may_only_look_cannot_resolve(client, rae, osei):
    rae.is_staff = True
    rae.save()
    client.force_login(rae)
    flag = doubt(osei)
    assert "mark_resolved" not in client.get("/admin/scheduling/flag/").content.decode()
    mark(client, flag)
    flag.refresh_from_db()
    assert flag.resolved_at is None


def test_each_doubt_leads_to_what_it_is_about(office, visit, osei, ana):
    for row in (visit, osei, ana):
        doubt(row)
    html = office.get("/admin/scheduling/flag/").content.decode()
    for model, row in (("appointment", visit), ("doctor", osei), ("patient", ana)):
        assert f'href="/admin/scheduling/{model}/{row.uuid}/change/"' in html
    assert "Mon 2 March, 10:00, Ana Souza Prieto, Dr Ama Osei" in html


def test_doubts_are_neither_made_nor_deleted_by_hand(root, osei):
    flag = doubt(osei)
    assert root.get("/admin/scheduling/flag/add/").status_code == 403
    page = f"/admin/scheduling/flag/{identity_of(flag)}"
    assert root.post(f"{page}/delete/", {"post": "yes"}).status_code == 403
    assert Flag.objects.count() == 1
