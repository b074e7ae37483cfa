"""No page scrolls sideways, however long a name is, on a small phone, a phone and a desk's screen."""

from uuid import uuid4

import pytest
import time_machine
from django.urls import reverse

from scheduling.booking import actions, merging
from scheduling.booking.proposal import Proposal
from scheduling.booking.seen import Seen
from scheduling.identity import identity_of
from scheduling.models import Appointment, ExtraHours, Flag, Patient, Status, TimeOff
from tests import factories
from tests.conftest import NOW, madrid

pytestmark = pytest.mark.browser

WIDTHS = (320, 390, 1440)
LONG = "Wolfeschlegelsteinhausenbergerdorffvoralternwarengewissenhaf"  # 60 letters, and no place to part it
TOO_WIDE = """() => {
  const width = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= width) return [];
  return [...document.querySelectorAll("body *")]
    .filter(each => each.getBoundingClientRect().right > width + 1 && !each.closest(".nav"))
    .map(each => `${each.tagName}.${each.className} ${Math.round(each.getBoundingClientRect().right)}`)
    .slice(0, 12);
}"""
MONDAY = "2026-03-02"


@pytest.fixture
def morning():
    with time_machine.travel(madrid(f"{MONDAY} 09:30"), tick=True):
        yield


@pytest.fixture
def named(rae, max_, osei, lind, ana, checkup):
    """Everybody and everything has a name of 60 letters."""
    assert len(LONG) == 60
    for row, *columns in (
        (osei, "doctor_name"),
        (lind, "doctor_name"),
        (osei.specialty, "specialty_name"),
        (checkup, "name"),
        (max_, "first_name", "last_name"),
        (rae, "first_name", "last_name"),
    ):
        for column in columns:
            setattr(row, column, LONG)
        row.save()
    for user in (max_, rae):
        user.groups.add(*max_.groups.all(), *rae.groups.all())


def patient(**more):
    return factories.PatientFactory(
        patient_name=LONG,
        patient_lastname=LONG,
        email=f"{LONG}@{LONG}.example",
        phone="+34910555010;ext=1234567890",
        phone_label=LONG[:30],
        note=LONG * 3,
        **more,
    )


@pytest.fixture
def rows(named, osei, lind, checkup, rae):
    """A visit in each of some states, a record that looks like another, one that was made one, and doubts."""
    who, twin, gone = patient(), patient(), patient()
    merging.merge(Seen.of(who), Seen.of(gone), {}, by=rae, now=NOW)
    who = Patient.objects.get(pk=who.pk)

    def book(doctor, whom, at):
        proposal = Proposal(
            uuid=uuid4(),
            doctor=doctor,
            patient=whom,
            visit_type=checkup,
            start=madrid(f"{MONDAY} {at}"),
            description=LONG * 2,
        )
        return actions.book(proposal, by=rae, now=NOW)

    visit, other = book(osei, who, "10:00"), book(lind, twin, "10:00")
    off = book(osei, twin, "12:00")
    for row, status in ((visit, Status.CONFIRMED), (other, Status.ARRIVED), (off, Status.CANCELLED)):
        Appointment.objects.filter(pk=row.pk).update(status=status)
    Appointment.objects.filter(pk=off.pk).update(original_patient_name=LONG * 3)
    for about in ({"patient": who}, {"appointment": other}):
        kind = Flag.Kind.NAME_NOT_SPLIT if "patient" in about else Flag.Kind.UNKNOWN_STATUS
        Flag.objects.create(kind=kind, created_at=NOW, detail=LONG * 2, **about)
    TimeOff.objects.create(
        doctor=osei, starts_at=madrid("2026-03-09 00:00"), ends_at=madrid("2026-03-10 00:00"), reason=LONG
    )
    ExtraHours.objects.create(
        doctor=osei, starts_at=madrid("2026-03-14 09:00"), ends_at=madrid("2026-03-14 12:00")
    )
    return who, twin, visit, other, off


def addresses(who, twin, visit, other, off):
    doctor = visit.doctor
    for name in ("home", "account", "password", "desk:waiting", "desk:keys", "desk:patients"):
        yield reverse(name)
    for name in ("patient-new", "patient-duplicates", "hours-of-all", "closure", "attention"):
        yield reverse(f"desk:{name}")
    yield reverse("desk:patients") + "?letter=W"
    for name in ("day", "day-sheet"):
        yield f"/desk/day/{MONDAY}/" + ("sheet/" if name == "day-sheet" else "")
    yield f"/desk/week/{doctor.uuid}/2026-W10/"
    for name in ("hours", "time-off", "extra-hours"):
        yield reverse(f"desk:{name}", args=[doctor.uuid])
    for name in ("patient", "patient-edit"):
        yield reverse(f"desk:{name}", args=[who.uuid])
    yield reverse("desk:patient-merge", args=[who.uuid, twin.uuid])
    for each in (visit, other, off):
        yield reverse("desk:appointment", args=[each.uuid])
    for name in ("booked", "cancel", "move"):
        yield reverse(f"desk:{name}", args=[visit.uuid])
    yield reverse("appointment-status", args=[visit.uuid])
    wished = f"visit_type={visit.visit_type.uuid}"
    yield f"{reverse('desk:find')}?{wished}&from={MONDAY}"
    yield f"{reverse('desk:book')}?{wished}&patient={who.uuid}&doctor={doctor.uuid}&start={MONDAY}T10:00"


def office(who, gone, visit):
    """The back office's lists and records."""
    for model in ("patient", "doctor", "specialty", "visittype", "appointment", "flag"):
        yield reverse(f"admin:scheduling_{model}_changelist")
    rows = {"doctor": visit.doctor, "specialty": visit.doctor.specialty, "visittype": visit.visit_type}
    for model, row in (*rows.items(), ("patient", who), ("patient", gone), ("appointment", visit)):
        yield reverse(f"admin:scheduling_{model}_change", args=[identity_of(row)])
        yield reverse(f"admin:scheduling_{model}_history", args=[identity_of(row)])
    yield reverse("admin:index")
    yield reverse("admin:accounts_user_changelist")


@pytest.mark.parametrize("language", ["en", "es"])
def test_no_page_scrolls_sideways(page, morning, signed_in, rae, rows, language):
    rae.language, rae.is_staff = language, True
    rae.save()
    signed_in(page, rae)
    too_wide = []

    def look(what):
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            found = page.evaluate(TOO_WIDE)
            if found:
                too_wide.append((what, width, found))

    gone = Patient.objects.exclude(merged_into=None).get()
    for address in (*addresses(*rows), *office(rows[0], gone, rows[2])):
        response = page.goto(address)
        assert response.status == 200, address
        look(address)
    who = rows[0]
    page.goto(reverse("desk:patient-edit", args=[who.uuid]))
    page.locator("#id_date_of_birth").fill("4/5/1990")
    page.locator("main form [type=submit]").first.click()
    page.locator("#toasts .toast").first.wait_for()
    page.wait_for_load_state("load")  # with all its style sheets
    look("a message in passing")
    assert not too_wide, "\n".join(map(str, too_wide))


def test_a_long_name_takes_no_lines_from_others_in_the_register(
    page, morning, signed_in, rae, ana, checkup, rows
):
    """Beside 120 letters in one name, a usual row is as high as it is alone."""
    row = page.locator(".people tbody tr", has_text=ana.full_name)
    signed_in(page, rae)
    page.set_viewport_size({"width": 1440, "height": 900})
    heights = []
    for _ in range(2):
        page.goto(reverse("desk:patients"))
        heights.append(row.bounding_box()["height"])
        Patient.objects.exclude(pk=ana.pk).update(
            patient_name="Ben", patient_lastname="Ruiz", sort_key="ruiz ben"
        )
    assert abs(heights[0] - heights[1]) < 2, heights  # less than a line; tables part pixels
