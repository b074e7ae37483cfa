"""The page of the API's documents: everything on it comes from here, and what it offers can be tried."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from accounts import api_keys
from accounts.models import Scope
from scheduling.api.site import api

pytestmark = pytest.mark.browser


@pytest.fixture
def docs(page, live_server):
    """The page, opened; that nothing came from elsewhere is seen to at the end."""
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto("/api/v1/docs")
    page.wait_for_selector(".opblock")
    yield page
    assert len(asked) >= 6
    assert [url for url in asked if not url.startswith(f"{live_server.url}/")] == []


def opened(page, operation):
    """The block of an operation, unfolded."""
    block = page.locator(f"[id$='-{operation}'].opblock")
    block.locator(".opblock-summary-control").click()
    return block


def test_the_page_has_every_operation_and_anyone_can_use_it(docs, axe):
    paths = api.get_openapi_schema(path_prefix="/api/v1/")["paths"]
    operations = [each["summary"] for methods in paths.values() for each in methods.values()]
    said = docs.locator(".opblock-summary-description").all_inner_texts()
    assert sorted(said) == sorted(operations)
    assert docs.title() == "Clínica San Telmo: appointments"
    axe(docs)


def test_an_unfolded_operation_shows_its_examples(docs, axe):
    block = opened(docs, "create_appointment")
    assert "A new patient" in block.locator(".examples-select-element").inner_text()
    block.locator(".examples-select-element").select_option("new_patient")
    block.get_by_text('"Zoë"').wait_for()
    axe(docs)


def test_it_fits_a_phone(docs):
    docs.set_viewport_size({"width": 390, "height": 844})
    opened(docs, "create_appointment").locator(".examples-select-element").wait_for()
    assert docs.evaluate("document.documentElement.scrollWidth") == 390


def test_a_request_can_be_tried_with_a_key(docs, osei):
    _key, secret = api_keys.issue(
        "A developer", Scope.READ, expires_at=timezone.now() + timedelta(days=1), now=timezone.now()
    )
    docs.get_by_role("button", name="Authorize").click()
    docs.locator(".modal-ux input").fill(secret)
    docs.locator(".modal-ux").get_by_role("button", name=re.compile("Apply")).click()
    docs.locator(".modal-ux").get_by_role("button", name="Close", exact=True).click()
    block = opened(docs, "list_doctors")
    block.get_by_role("button", name="Try it out").click()
    with docs.expect_response("**/api/v1/doctors*") as answer:
        block.get_by_role("button", name="Execute").click()
    assert answer.value.status == 200
    block.locator(".live-responses-table").get_by_text('"Dr Ama Osei"').wait_for()
    docs.reload()
    docs.wait_for_selector(".opblock")
    stored = docs.evaluate("JSON.stringify([{...localStorage}, {...sessionStorage}, document.cookie])")
    assert secret not in stored
