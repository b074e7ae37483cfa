"""Old rows become new rows; no database."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduling.legacy.lanes import Wish, places
from scheduling.legacy.plan import summary
from scheduling.times import grid
from tests.legacy.books import flags, plan, visit


def lanes_of(made):
    return {v.old.id: v.place and (v.place.lane, v.place.patient_free) for v in made.visits}


def names_of(made):
    return {v.old.id: v.patient.id for v in made.visits}


def test_a_text_links_to_the_one_patient_that_it_matches():
    made = plan(visit(1, patient="SOUZA, ana"), visit(2, "2026-12-02 10:00:00", patient=" ana  souza "))
    assert names_of(made) == {1: 1, 2: 1}
    assert flags(made) == []


def test_a_text_that_matches_nobody_becomes_one_new_patient_after_the_old_ids():
    made = plan(visit(1, patient="BEN OKAFOR"), visit(2, "2026-12-02 10:00:00", patient="Okafor, Ben"))
    assert names_of(made) == {1: 51, 2: 51}
    (new,) = [patient for patient in made.patients if patient.is_new]
    assert (new.patient_name, new.patient_lastname, new.needs_review) == ("Ben", "Okafor", False)


def test_a_text_that_matches_two_patients_becomes_a_third_to_be_reviewed():
    made = plan(visit(1), patients=[("Ana", "Souza"), ("ANA", "SOUZA")])
    assert names_of(made) == {1: 51}
    assert flags(made) == [("patients", 51, "several_patients")]
    assert made.flags[0].detail == "Ana Souza (2)"
    assert made.patients[-1].needs_review


@pytest.mark.parametrize("text", ["", "Madonna", "Ana Luz Ruiz"])
def test_a_name_that_can_not_be_split_with_confidence_is_to_be_reviewed(text):
    made = plan(visit(1, patient=text))
    assert flags(made) == [("patients", 51, "name_not_split")]
    assert made.flags[0].detail == text


def test_colliding_visits_stand_in_lanes_and_all_of_them_are_flagged():
    made = plan(
        visit(4, "2026-12-09 10:10:00", patient="Over Lap"),
        visit(3, "2026-12-09 10:00:00", patient="Double 2"),
        visit(1, "2026-12-09 10:00:00", patient="Double 0"),
        visit(5, "2026-12-09 10:40:00", patient="Next Door"),
        visit(6, "2026-12-09 10:00:00", patient="Other Doctor", doctor=2),
    )
    assert lanes_of(made) == {1: (0, False), 3: (1, False), 4: (2, False), 5: (0, False), 6: (0, False)}
    assert sorted(flags(made)) == [("appointments", n, "doctor_overlap") for n in (1, 3, 4)]
    details = {flag.row_id: flag.detail for flag in made.flags}
    assert details[4] == "2026-12-09 10:10:00 / 2026-12-09 10:00:00, 2026-12-09 10:00:00"


def test_the_same_patient_twice_at_one_time_is_claimed_once_and_the_later_flagged():
    made = plan(visit(2), visit(1, doctor=2))
    assert lanes_of(made) == {1: (0, False), 2: (0, True)}
    assert flags(made) == [("appointments", 2, "patient_overlap")]


def test_a_third_visit_that_overlaps_only_an_unclaimed_one_claims_its_patient():
    made = plan(
        visit(1, "2026-12-01 10:00:00"),
        visit(2, "2026-12-01 10:20:00", doctor=2),
        visit(3, "2026-12-01 10:40:00"),
    )
    assert lanes_of(made) == {1: (0, False), 2: (0, True), 3: (0, False)}
    assert flags(made) == [("appointments", 2, "patient_overlap"), ("appointments", 3, "patient_overlap")]


@pytest.mark.parametrize("status", ["cancelada", "no-show"])
def test_a_visit_that_frees_its_time_holds_none(status):
    assert lanes_of(plan(visit(1, status=status), visit(2))) == {1: None, 2: (0, False)}


def test_all_of_today_holds_time_and_yesterday_none():
    made = plan(
        visit(1, "2026-11-22 23:59:59"),
        visit(2, "2026-11-23 00:00:00"),
        visit(3, "2026-11-23 06:00:00", status="done"),
    )
    assert lanes_of(made) == {1: None, 2: (0, False), 3: (0, False)}


def test_what_is_not_an_address_or_a_status_is_flagged_with_its_text():
    made = plan(visit(1, status="xyz"), email="unknown")
    assert [(f.table, f.row_id, f.kind.value, f.detail) for f in made.flags if f.row_id == 1] == [
        ("doctors", 1, "bad_email", "unknown"),
        ("appointments", 1, "unknown_status", "xyz"),
    ]


@pytest.mark.parametrize(
    ("when", "kinds", "holds"),
    [
        ("2062-03-02 10:00:00", ["date_cannot_be"], True),
        ("2037-01-01 00:00:00", ["date_cannot_be"], True),
        ("2036-12-31 23:30:00", [], True),
        ("2062-03-26 02:30:00", ["date_cannot_be"], True),
        ("2206-03-02 10:00:00", ["date_cannot_be"], False),
        ("1970-01-01 00:00:00", ["date_cannot_be"], False),
    ],
)
def test_a_year_for_which_nobody_books_is_flagged(when, kinds, holds):
    made = plan(visit(1, when))
    assert [kind for _table, _row, kind in flags(made)] == kinds
    assert (made.visits[0].place is not None) == holds


def test_the_summary_names_nobody():
    told = "\n".join(summary(plan(visit(1, patient="Ben Okafor", status="xyz"), visit(2))))
    assert "Ben" not in told and "Souza" not in told and "xyz" not in told
    assert "1 had an unknown status" in told


wishes = st.lists(
    st.tuples(st.integers(1, 2), st.integers(1, 3), st.integers(0, 40), st.integers(1, 8)), max_size=25
)


@given(wishes)
def test_no_lane_and_no_patient_is_ever_taken_twice(asked):
    made = {
        number: Wish(number, doctor, patient, grid.instant_of(start), range(start, start + length))
        for number, (doctor, patient, start, length) in enumerate(asked)
    }
    found = places(made.values())
    lanes = [(w.doctor_id, g, found[n].lane) for n, w in made.items() for g in w.grains]
    assert len(lanes) == len(set(lanes))
    claimed = [(w.patient_id, g) for n, w in made.items() if not found[n].patient_free for g in w.grains]
    assert len(claimed) == len(set(claimed))
    for number, wish in made.items():
        others = {
            n
            for n, w in made.items()
            if n != number and w.doctor_id == wish.doctor_id and set(w.grains) & set(wish.grains)
        }
        assert found[number].beside == others
        assert (found[number].lane == 0) or others
