"""Who is found from the header while a name is typed."""

from scheduling.models import Patient, SearchWord


def test_who_is_typed_in_the_header_is_found_with_the_ways_on(desk, ana, ben, django_assert_num_queries):
    """The statements of a search, besides session and person."""
    desk.post("/desk/patients/hits/", {"q": "souza"})
    with django_assert_num_queries(4):
        page = desk.post("/desk/patients/hits/", {"q": "souza"}).content.decode()
    assert f'href="/desk/patients/{ana.uuid}/"' in page
    assert f'href="/desk/book/?patient={ana.uuid}"' in page
    assert str(ben.uuid) not in page
    assert "1 patient found." in page
    Patient.objects.filter(pk=ana.pk).update(is_active=False)
    SearchWord.objects.filter(patient=ana).update(is_active=False)
    page = desk.post("/desk/patients/hits/", {"q": "souza"}).content.decode()
    assert "switched off" in page
    assert "/desk/book/" not in page


def test_in_the_header_a_slip_is_asked_about_and_nobody_can_be_added(desk, ana):
    page = desk.post("/desk/patients/hits/", {"q": "suoza"}).content.decode()
    assert "Did you mean this patient?" in page
    assert "data-close" in page
    assert 'formaction="/desk/patients/new/fill/"' in page
    page = desk.post("/desk/patients/hits/", {"q": "Nandu"}).content.decode()
    assert "No patient found for “Nandu”" in page
    assert 'formaction="/desk/patients/new/fill/"' in page
    page = desk.post("/desk/patients/hits/", {"q": "  "}).content.decode()
    assert "formaction" not in page
    assert "found" not in page.partition("</span>")[2]
    assert desk.get("/desk/patients/hits/", {"q": "souza"}).status_code == 405
