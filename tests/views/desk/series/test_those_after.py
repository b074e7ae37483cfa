"""A visit of a series at the desk: which one it is, and this one or those after it as well."""

from uuid import uuid4

import pytest

from scheduling.booking.actions import edit
from scheduling.booking.edits import Edit
from scheduling.booking.seen import Seen
from scheduling.models import Appointment, Call, Series, Status
from scheduling.queries import series as queries
from tests import factories
from tests.booking.asking import last_event, wish
from tests.booking.regular import book_all, tuesdays
from tests.conftest import NOW, madrid
from tests.views.desk.conftest import written
from tests.views.desk.pages import typed_in
from tests.views.desk.series.asking import fields, rows, said


@pytest.fixture
def visits(osei, ana, checkup, rae):
    """Ana with Dr Osei on four Tuesdays at 10:00."""
    first = wish(osei, ana, checkup, "2026-03-03 10:00")
    return queries.visits_of(book_all(tuesdays(first), uuid=uuid4(), by=rae).row.pk)


def at(visit, page=""):
    return f"/desk/appointments/{visit.uuid}/{page}"


def marks(visits):
    return [f"{visit.uuid}.{visit.version}" for visit in visits]


def text_of(response):
    return " ".join(response.content.decode().split())


def fresh(visits):
    return [Appointment.objects.get(pk=visit.pk) for visit in visits]


def cancelling(visits, which="after", **more):
    return {
        "version": "1",
        "wish": "patient",
        "reason": "Moves away",
        "which": which,
        "after": marks(visits),
    } | more


def test_the_page_of_a_visit_says_which_of_the_series_it_is(desk, visits):
    text = text_of(desk.get(at(visits[2])))
    assert f'href="/desk/series/{visits[0].series.uuid}/"' in text
    assert "3 of 4" in text
    assert "Every week" in text
    assert "Booked as confirmed. As one of a series." in text


def test_a_visit_of_no_series_has_no_such_choice(desk, book, osei, ben):
    visit = book(osei, ben, "2026-03-03 12:00")
    for page in ("", "edit/", "cancel/", f"move/?doctor={osei.uuid}&start=2026-03-03T13:00%2B01:00"):
        text = text_of(desk.get(at(visit, page)))
        assert 'name="which"' not in text
        assert "Series" not in text


@pytest.mark.parametrize(
    "page", ["", "edit/", "cancel/", "move/?doctor={doctor}&start=2026-03-12T12:00%2B01:00"]
)
def test_this_one_or_those_after_it_is_asked_and_this_one_is_ticked(desk, visits, osei, page):
    shown = desk.get(at(visits[1], page.format(doctor=osei.uuid)))
    assert typed_in(shown)["which"] == "this"
    assert "This one and the 2 after it, until Tue 24 March" in text_of(shown)
    assert 'name="which"' not in text_of(desk.get(at(visits[3], page.format(doctor=osei.uuid))))


def test_this_one_alone_is_cancelled(desk, visits):
    desk.post(at(visits[1], "cancel/"), cancelling(visits[2:], which="this"))
    assert [visit.status for visit in fresh(visits)] == ["confirmed", "cancelled", "confirmed", "confirmed"]


def test_this_one_and_those_after_it_are_cancelled_in_one_commit(desk, visits):
    response = desk.post(at(visits[1], "cancel/"), cancelling(visits[2:]))
    assert response.url == f"/desk/series/{visits[0].series.uuid}/"
    assert [visit.status for visit in fresh(visits)] == ["confirmed", *["cancelled"] * 3]
    text = text_of(desk.get(response.url))
    assert "3 visits are cancelled. Their times are free." in text
    assert "Every week. 1 of 4 visits is to come." in text
    assert not Call.objects.exists()
    history = text_of(desk.get(at(visits[2])))
    assert "cancelled it at the patient’s request. Together with those after it in its series." in history


@pytest.mark.parametrize("page", ["", "cancel/"])
def test_how_many_are_cancelled_and_when_they_are_is_said_before(desk, visits, page):
    text = text_of(desk.get(at(visits[1], page)))
    assert "Cancel 3 visits" in text
    said = "Frees the times of 3 visits: Tue 10 March, Tue 17 March, Tue 24 March. They stay in the history."
    assert said in text
    assert "Cancel 1 visit" not in text_of(desk.get(at(visits[3], page)))


def test_one_that_was_changed_meanwhile_holds_the_cancelling_up(desk, visits, rae):
    edit(Seen.of(visits[3]), Edit(description="Knee"), by=rae, now=NOW)
    before = written()
    page = desk.post(at(visits[1], "cancel/"), cancelling(visits[2:]))
    assert page.status_code == 409
    assert "Tue 24 March, 10:00: Someone else has changed this visit meanwhile." in text_of(page)
    assert typed_in(page)["which"] == "after"
    assert written() == before


def test_visits_of_others_are_never_meant(desk, visits, book, osei, ben):
    other = book(osei, ben, "2026-03-03 12:00")
    desk.post(at(visits[1], "cancel/"), cancelling([other]))
    assert [visit.status for visit in fresh([*visits, other])].count(Status.CANCELLED) == 1
    assert fresh([visits[1]])[0].status == Status.CANCELLED


def test_those_after_it_are_corrected_in_what_this_one_is(desk, visits, rae):
    knee = edit(Seen.of(visits[3]), Edit(description="Knee"), by=rae, now=NOW)
    long = factories.VisitTypeFactory(name="Long", minutes=45)
    form = typed_in(desk.get(at(visits[1], "edit/")), form="edit")
    form |= {"visit_type": str(long.uuid), "which": "after", "after": marks([visits[2], knee])}
    response = desk.post(at(visits[1], "edit/"), form)
    assert response.url == f"/desk/series/{visits[0].series.uuid}/"
    rows_ = fresh(visits)
    assert [visit.minutes for visit in rows_] == [30, 45, 45, 45]
    assert rows_[3].description == "Knee"
    assert "3 visits are corrected." in text_of(desk.get(response.url))


def test_what_does_not_fit_on_one_of_the_dates_is_named(desk, visits, book, osei, ben):
    book(osei, ben, "2026-03-17 10:30")
    form = typed_in(desk.get(at(visits[1], "edit/")), form="edit")
    before = written()
    page = desk.post(
        at(visits[1], "edit/"), form | {"minutes": "45", "which": "after", "after": marks(visits[2:])}
    )
    assert page.status_code == 422
    assert "Tue 17 March, 10:00: This time is already taken with Dr Ama Osei." in text_of(page)
    assert (typed_in(page)["which"], typed_in(page)["minutes"]) == ("after", "45")
    assert written() == before


@pytest.fixture
def crowded(book, osei, ben):
    """Ben at 10:30 on the last two of the Tuesdays."""
    return [book(osei, ben, f"2026-03-{day} 10:30") for day in (17, 24)]


def correct(desk, visits, **more):
    """A longer type for the second and those after it."""
    long = factories.VisitTypeFactory(name="Long", minutes=45)
    form = typed_in(desk.get(at(visits[1], "edit/")), form="edit") | {"visit_type": str(long.uuid)}
    form |= {"which": "after", "after": marks(visits[2:])} | more
    return form, desk.post(at(visits[1], "edit/"), form)


def test_what_holds_several_up_is_said_once_with_their_dates(desk, visits, crowded):
    _form, page = correct(desk, visits)
    text = text_of(page)
    assert text.count("This time is already taken with Dr Ama Osei.") == 1
    assert "This time is already taken with Dr Ama Osei. 2 visits: Tue 17 March, Tue 24 March." in text
    assert f'href="{at(visits[3], "edit/")}"' in text


def test_those_that_fit_are_corrected_without_the_others(desk, visits, crowded):
    form, page = correct(desk, visits)
    assert "Correct the 1 visit that fits" in text_of(page)
    left_out = f"{visits[2].uuid} {visits[3].uuid} "
    assert f'name="without" value="{left_out}"' in text_of(page)
    done = desk.post(at(visits[1], "edit/"), form | {"without": left_out})
    assert "1 visit is corrected." in text_of(desk.get(done.url))
    assert [visit.minutes for visit in fresh(visits)] == [30, 45, 30, 30]


def test_where_nothing_but_the_length_was_asked_for_there_is_no_rest_to_save(desk, visits, crowded):
    form = typed_in(desk.get(at(visits[1], "edit/")), form="edit") | {"minutes": "45"}
    form |= {"which": "after", "after": marks(visits[2:])}
    text = text_of(desk.post(at(visits[1], "edit/"), form))
    assert "Correct the 1 visit that fits" in text
    assert "save the rest" not in text
    nobody = " ".join(str(visit.uuid) for visit in visits)
    assert desk.post(at(visits[1], "edit/"), form | {"without": nobody}).status_code == 422


def test_each_may_keep_its_length_and_get_the_rest(desk, visits, crowded, rae):
    short = edit(Seen.of(visits[2]), Edit(minutes=15), by=rae, now=NOW)
    form, page = correct(desk, visits, after=marks([short, visits[3]]), description="Knee")
    assert "Keep the length of each, save the rest" in text_of(page)
    desk.post(at(visits[1], "edit/"), form | {"keep": "30"})
    rows_ = fresh(visits)
    assert [visit.minutes for visit in rows_] == [30, 30, 15, 30]
    assert [visit.description for visit in rows_] == ["", "Knee", "Knee", "Knee"]
    assert {visit.visit_type.name for visit in rows_[1:]} == {"Long"}


def preview(desk, visits, doctor, start="2026-03-12T12:00+01:00", **more):
    form = {"version": "1", "doctor": str(doctor.uuid), "start": start, "reason": "Works then"}
    return desk.post(at(visits[1], "move/"), form | {"which": "after", "after": marks(visits[2:])} | more)


def apply(desk, visits, page):
    return desk.post(at(visits[1], "move/after/apply/"), fields(page, at(visits[1], "move/after/")))


def test_those_after_it_are_previewed_before_they_move(desk, visits, lind, book, ben):
    book(lind, ben, "2026-03-19 12:15")
    before = written()
    page = preview(desk, visits, lind)
    assert said(page) == [
        ("2026-03-12", "12:00", []),
        ("2026-03-19", "12:00", ["Taken: Ben Okafor until 12:45"]),
        ("2026-03-26", "12:00", []),
    ]
    assert "2 free, 1 needs a choice" in text_of(page)
    assert "Another specialty" not in text_of(page)
    assert page.content.count(b" autofocus") == 1
    assert written() == before
    chosen = rows(page)[1].ways[0]
    form = fields(page, at(visits[1], "move/after/")) | {"choose": chosen.value}
    page = desk.post(at(visits[1], "move/after/"), form)
    done = apply(desk, visits, page)
    assert done.url == f"/desk/series/{visits[0].series.uuid}/"
    moved = fresh(visits)
    assert [visit.appointment_datetime for visit in moved] == [
        madrid("2026-03-03 10:00"),
        madrid("2026-03-12 12:00"),
        chosen.start,
        madrid("2026-03-26 12:00"),
    ]
    assert [visit.doctor for visit in moved[1:]] == [lind, chosen.doctor, lind]
    assert "Works then" in text_of(desk.get(at(visits[3])))
    assert not Call.objects.exists()


def test_another_specialty_is_said_before_they_move(desk, visits, lind):
    lind.specialty = factories.SpecialtyFactory(specialty_name="Dermatology")
    lind.save()
    text = text_of(preview(desk, visits, lind))
    assert "Another specialty: Dermatology instead of Cardiology" in text


def test_one_of_them_may_stay_where_it_is(desk, visits, lind):
    page = preview(desk, visits, lind)
    form = fields(page, at(visits[1], "move/after/")) | {"leave": str(visits[2].uuid)}
    page = desk.post(at(visits[1], "move/after/"), form)
    assert "Stays where it is" in text_of(page)
    apply(desk, visits, page)
    assert [visit.version for visit in fresh(visits)] == [1, 2, 1, 2]


def test_a_time_that_is_taken_meanwhile_holds_all_up(desk, visits, lind, book, ben):
    page = preview(desk, visits, lind)
    book(lind, ben, "2026-03-19 12:00")
    before = written()
    shown = apply(desk, visits, page)
    assert written() == before
    assert (
        "Nothing was moved yet. Tue 17 March, 10:00: This time is already taken with Dr Per Lind."
        in text_of(shown)
    )
    assert said(shown)[1][2] == ["Taken: Ben Okafor until 12:30"]


def test_the_reason_is_kept_without_what_nobody_sees(desk, visits, lind):
    form = fields(preview(desk, visits, lind), at(visits[1], "move/after/"))
    desk.post(at(visits[1], "move/after/apply/"), form | {"reason": "Works\u200b then "})
    assert last_event(visits[2]).reason == "Works then"


def test_sent_twice_they_move_once(desk, visits, lind):
    page = preview(desk, visits, lind)
    apply(desk, visits, page)
    apply(desk, visits, page)
    assert [visit.version for visit in fresh(visits)] == [1, 2, 2, 2]


def test_nonsense_is_no_fault(desk, visits, lind, book, osei, ben):
    other = book(osei, ben, "2026-03-03 12:00")
    assert preview(desk, visits, lind, start="x").status_code in {200, 302, 422}
    assert desk.get(at(other, "move/after/")).status_code == 302
    page = preview(desk, visits, lind)
    form = fields(page, at(visits[1], "move/after/"))
    for wrong in ({"visit": []}, {"visit": ["x|y|z"]}, {"after": ["x.y"]}):
        shown = desk.post(at(visits[1], "move/after/apply/"), form | wrong)
        assert "There is no visit to move." in text_of(shown)
    shown = desk.post(at(visits[1], "move/after/apply/"), form | {"reason": "x" * 1001})
    assert "Up to 1000 characters fit here." in text_of(shown)
    assert [visit.version for visit in fresh(visits)] == [1, 1, 1, 1]


def test_the_record_says_what_is_left(desk, visits, ana, ben, django_assert_num_queries):
    desk.post(at(visits[1], "cancel/"), cancelling([], which="this"))
    text = text_of(desk.get(f"/desk/patients/{ana.uuid}/"))
    assert "Regular visits" in text
    assert "3 of 4 left, the next tomorrow, 10:00" in text
    assert "Regular visits" not in text_of(desk.get(f"/desk/patients/{ben.uuid}/"))


def test_the_page_of_a_series_costs_the_same_for_any_number(
    desk, visits, lind, ben, checkup, django_assert_num_queries
):
    other = book_all(tuesdays(wish(lind, ben, checkup, "2026-03-03 12:00"))[:2]).row
    for row in (Series.objects.get(pk=visits[0].series_id), other):
        with django_assert_num_queries(5):
            desk.get(f"/desk/series/{row.uuid}/")


def test_those_that_were_cancelled_in_one_go_stand_again_by_one_press(office, visits, book, osei, ben):
    office.post(at(visits[1], "cancel/"), cancelling(visits[2:]))
    address = f"/desk/series/{visits[0].series.uuid}/"
    page = office.get(address)
    assert "3 visits were cancelled in one go." in text_of(page)
    form = fields(page, f"{address}undo/")
    other = book(osei, ben, "2026-03-17 10:00")
    office.post(f"{address}undo/", form)
    why = "Tue 17 March, 10:00: The time of this visit was given to somebody else meanwhile."
    assert f"Nothing was undone. {why}" in text_of(office.get(address))
    office.post(at(other, "cancel/"), {"version": "1", "wish": "patient", "reason": "Ill"})
    office.post(f"{address}undo/", form)
    page = text_of(office.get(address))
    assert "Undone. 3 visits stand again." in page
    assert "in one go" not in page
    assert [visit.status for visit in fresh(visits)] == ["confirmed"] * 4
    assert office.post(f"/desk/series/{uuid4()}/undo/").status_code == 404


def undo_of(page, visits):
    """What the newest message offers."""
    return fields(page, f"/desk/series/{visits[0].series.uuid}/undo/")


def test_a_joint_move_is_taken_back_by_the_message_that_says_it(desk, visits, lind, book, ben):
    stood = [(visit.doctor, visit.appointment_datetime) for visit in visits]
    done = apply(desk, visits, preview(desk, visits, lind))
    page = desk.get(done.url)
    assert "3 visits are moved." in text_of(page)
    form = undo_of(page, visits)
    assert "at" in form
    other = book(visits[0].doctor, ben, "2026-03-17 10:00")
    back = desk.post(f"{done.url}undo/", {"at": form["at"]})
    text = text_of(desk.get(back.url))
    assert "Nothing was undone." in text
    assert "This time is already taken with Dr Ama Osei." in text
    assert "3 visits were moved in one go." in text
    desk.post(at(other, "cancel/"), {"version": "1", "wish": "patient", "reason": "Ill"})
    desk.post(f"{done.url}undo/", {"at": form["at"], "next": "/desk/day/2026-03-02/"})
    assert "Undone. 3 visits are as before." in text_of(desk.get("/desk/day/2026-03-02/"))
    assert [(visit.doctor, visit.appointment_datetime) for visit in fresh(visits)] == stood
    assert "in one go" not in text_of(desk.get(done.url))


def test_a_joint_correction_is_taken_back_on_the_page_of_the_series(desk, visits):
    form = typed_in(desk.get(at(visits[1], "edit/")), form="edit") | {"description": "Knee"}
    done = desk.post(at(visits[1], "edit/"), form | {"which": "after", "after": marks(visits[2:])})
    desk.get(done.url)
    page = desk.get(done.url)
    assert "3 visits were corrected in one go." in text_of(page)
    desk.post(f"{done.url}undo/", undo_of(page, visits))
    assert [visit.description for visit in fresh(visits)] == [""] * 4
    assert "Undone. 3 visits are as before." in text_of(desk.get(done.url))


def test_the_key_on_a_visit_that_moved_with_others_says_where_to_undo_it(desk, office, visits, lind):
    series = apply(desk, visits, preview(desk, visits, lind)).url
    page = desk.post(at(visits[2], "undo/"), {"version": "2"})
    text = text_of(page)
    assert "3 visits were changed in one go, this one too." in text
    assert f'<a href="{series}">Undo it on the page of the series</a>' in text
    alone = office.post(at(visits[0], "undo/"), {"version": "1"})
    assert "There is no change of status to take back." in text_of(alone)


def test_undoing_nothing_is_refused_in_words(office, visits):
    address = f"/desk/series/{visits[0].series.uuid}/"
    for posted in ({}, {"after": ["x"]}, {"at": "2026-03-02T09:00:00+00:00"}, {"at": "x"}):
        office.post(f"{address}undo/", posted)
        text = text_of(office.get(address))
        assert "There is no change of several visits to undo." in text
        assert "stand again" not in text
