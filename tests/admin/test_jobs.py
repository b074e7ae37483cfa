"""Jobs in the back office: how they went, and done sooner."""

from datetime import timedelta

import pytest
import time_machine
from django.contrib.auth.models import Permission

from scheduling.identity import identity_of
from scheduling.jobs.registry import JOBS
from scheduling.models import Job
from tests import factories
from tests.conftest import NOW

LIST = "/admin/scheduling/job/"
NOBODY = "Nobody does the jobs now"


@pytest.fixture(autouse=True)
def at_eight():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def jobs(db):
    """All of them, done a minute ago."""
    minute = timedelta(minutes=1)
    return {
        job.name: Job.objects.create(
            name=job.name,
            due_at=NOW + minute,
            started_at=NOW - minute,
            finished_at=NOW - minute,
            succeeded_at=NOW - minute,
            succeeded=True,
        )
        for job in JOBS
    }


def change(job, **values):
    Job.objects.filter(pk=job.pk).update(**values)


def test_the_list_says_how_each_job_went(office, jobs):
    change(jobs["write_day_sheets"], is_on=False)
    change(jobs["clear"], result="Cleared: 3 ended sessions")
    change(jobs["back_up"], succeeded=False, result="/srv/backups: No space left on device")
    change(jobs["check_schedule"], lease_ends_at=NOW + timedelta(minutes=1))
    response = office.get(LIST)
    admin = response.context["cl"].model_admin
    assert {job.name: admin.state(job) for job in response.context["cl"].result_list} == {
        "back_up": "Failed",
        "check_schedule": "Being done",
        "clear": "Done",
        "find_reminders": "Done",
        "send_messages": "Done",
        "write_day_sheets": "Not set up",
    }
    html = response.content.decode()
    for said in (
        "Clear what is over",
        "Cleared: 3 ended sessions",
        "No space left on device",
        "07:59",
    ):
        assert said in html
    assert NOBODY not in html


@pytest.mark.parametrize(
    ("minutes", "lease", "is_told"), [(9, None, False), (11, None, True), (11, timedelta(minutes=1), False)]
)
def test_it_is_told_where_nobody_does_them(office, jobs, minutes, lease, is_told):
    due = NOW - timedelta(minutes=minutes)
    change(jobs["clear"], due_at=due, lease_ends_at=lease and NOW + lease)
    change(jobs["back_up"], due_at=due, is_on=False)  # not set up: that nobody does it is as it should be
    assert (NOBODY in office.get(LIST).content.decode()) == is_told


def test_it_is_told_where_they_never_ran(office):
    assert NOBODY in office.get(LIST).content.decode()


def test_looking_writes_nothing(office, jobs, django_assert_max_num_queries):
    with django_assert_max_num_queries(12) as asked:
        office.get(LIST)
    assert not [query for query in asked if not query["sql"].startswith("SELECT")]


def test_a_job_can_be_done_sooner(office, jobs):
    chosen = {"action": "do_now", "_selected_action": [identity_of(jobs["clear"])]}
    response = office.post(LIST, chosen, follow=True)
    assert "1 job is done next." in response.content.decode()
    assert Job.objects.get(name="clear").due_at == NOW
    assert Job.objects.get(name="check_schedule").due_at > NOW


def test_who_may_only_look_has_nothing_done(client, jobs):
    user = factories.UserFactory(is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename="view_job"))
    client.force_login(user)
    client.post(LIST, {"action": "do_now", "_selected_action": [identity_of(jobs["clear"])]})
    assert Job.objects.get(name="clear").due_at > NOW


def test_nobody_makes_or_deletes_or_writes_one(root, jobs):
    assert root.get(f"{LIST}add/").status_code == 403
    page = f"{LIST}{identity_of(jobs['clear'])}/"
    assert root.post(f"{page}delete/", {"post": "yes"}).status_code == 403
    before = Job.objects.values().get(name="clear")
    assert (
        root.post(f"{page}change/", {"name": "other", "result": "Never.", "holder": "me"}).status_code == 302
    )
    assert Job.objects.values().get(name="clear") == before
