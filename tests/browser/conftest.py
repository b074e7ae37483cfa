"""A real browser on a real server. Pages complain by failing the test: console errors, CSP, missing files."""

from datetime import datetime, time, timedelta
from uuid import uuid4

import pytest
from axe_playwright_python.base import AxeResults
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.test import Client
from django.utils import timezone

from scheduling.booking import actions
from scheduling.booking.proposal import Proposal
from scheduling.models import Status
from tests.conftest import MADRID
from tools import chromium

# The first four for root and containers; the others keep the browser from calling home.
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


# A theme takes a frame to come, and where a colour fades, as long as that. Of the elements that pass, axe
# would write as much as of those that do not, which takes it longer than looking.
RUN_AXE = """async options => {
  await new Promise(painted => requestAnimationFrame(() => requestAnimationFrame(painted)));
  const fading = document.getAnimations().filter(each => each instanceof CSSTransition);
  await Promise.allSettled(fading.map(each => each.finished));
  const { violations } = await axe.run({ ...options, resultTypes: ["violations"] });
  return { violations };
}"""
# The other theme has the same elements in the same places: it differs in colours (tests/test_themes.py).
RULES_OF_COLOUR = ["color-contrast", "link-in-text-block"]


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args):
    return {**browser_type_launch_args, "executable_path": chromium.path(), "args": FLAGS}


@pytest.fixture(scope="session")
def base_url(live_server):
    """So that `page.goto("/sign-in/")` finds the server."""
    return live_server.url


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args):
    """Colours don't fade, so that axe measures the final ones."""
    return {**browser_context_args, "reduced_motion": "reduce"}


@pytest.fixture(autouse=True)
def rows_of_migrations(django_db_serialized_rollback):
    """The server sees committed rows only, so tables are emptied between tests; the role groups come back."""


@pytest.fixture
def page(page):
    complaints = []

    def on_console(message):
        # A page may be a 404 on purpose; a file of a page may not (below).
        if message.type in {"error", "warning"} and not message.text.startswith("Failed to load resource"):
            complaints.append(message.text)

    def on_response(response):
        if response.status >= 400 and response.request.resource_type != "document":
            complaints.append(f"{response.status} {response.url}")

    page.on("console", on_console)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("response", on_response)
    yield page
    assert complaints == []


@pytest.fixture
def signed_in(live_server):
    """`signed_in(page, user)`: without going through the form."""

    def sign_in(page, user):
        client = Client()
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        name = settings.SESSION_COOKIE_NAME
        page.context.add_cookies(
            [{"name": name, "value": client.cookies[name].value, "url": live_server.url}]
        )
        return page

    return sign_in


@pytest.fixture
def axe():
    """`axe(page)`: nothing that axe knows of keeps anybody from using it, in light and in dark.

    With `preload=False` it leaves style sheets alone: what one of Django's imports, axe looks for beside the
    page, and complains on the console.
    """

    def check(page, **options):
        page.evaluate(Axe().axe_script)
        for theme, rules in (("light", {}), ("dark", {"runOnly": RULES_OF_COLOUR})):
            page.emulate_media(color_scheme=theme)
            found = page.evaluate(RUN_AXE, options | rules)
            assert found["violations"] == [], f"{theme}: {AxeResults(found).generate_report()}"

    return check


@pytest.fixture
def tuesday():
    """A Tuesday of the week after next, on the real clock that the server goes by."""
    today = timezone.localdate()
    return today + timedelta(days=14 - today.weekday() + 1)


@pytest.fixture
def book(rae, osei, checkup, tuesday):
    def make(patient, at, doctor=osei, status=Status.CONFIRMED, on=tuesday):
        return actions.book(
            Proposal(
                uuid=uuid4(),
                doctor=doctor,
                patient=patient,
                visit_type=checkup,
                start=datetime.combine(on, time.fromisoformat(at), MADRID),
                status=status,
            ),
            by=rae,
            now=timezone.now(),
        )

    return make
