"""What is found before anything was wished for."""

import re

from tests import factories
from tests.conftest import madrid
from tests.markup import in_one_line
from tests.views.desk.find.found import links
from tests.views.desk.pages import typed_in

FIND = "/desk/find/"


class TestTheBeginning:
    def test_is_the_usual_visit_and_its_next_free_times(self, desk, checkup, osei, lind, ana, ben, book):
        long = factories.VisitTypeFactory(name="Long session", minutes=60)
        for patient, at in ((ana, "2026-03-03 09:00"), (ben, "2026-03-03 10:00")):
            book(osei, patient, at, visit_type=long)
        book(lind, ana, "2026-03-04 09:00", visit_type=checkup)
        page = desk.get(FIND)
        assert page.context["found"].first.start == madrid("2026-03-02 09:00")
        assert typed_in(page)["visit_type"] == str(long.uuid)
        assert all("T09:30" not in link for link in links(page)[:2])  # an hour long

    def test_leaves_out_a_type_that_is_not_given_any_more(self, desk, checkup, osei, ana, book):
        old = factories.VisitTypeFactory(name="Old", minutes=10)
        book(osei, ana, "2026-03-03 09:00", visit_type=old)
        old.is_active = False
        old.save()
        assert typed_in(desk.get(FIND))["visit_type"] == str(checkup.uuid)

    def test_says_what_is_to_be_done_where_there_is_no_type(self, desk):
        page = desk.get(FIND).content.decode()
        assert "Free times appear here" in page
        assert "could not be read" not in page

    def test_gives_the_focus_to_the_chosen_type_alone(self, desk, checkup, osei, ana, book):
        factories.VisitTypeFactory(name="Short", minutes=10)
        book(osei, ana, "2026-03-03 09:00", visit_type=checkup)
        page = in_one_line(desk.get(FIND).content.decode())
        (focused,) = re.findall(r"<input[^>]* autofocus[^>]*>", page)
        assert f'value="{checkup.uuid}"' in focused
