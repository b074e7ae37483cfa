"""The pictures of the main pages, as docs/images has them: `make pictures`.

A demo clinic in a throwaway database, at one moment of one working day, shown by the system's Chromium.
"""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import Final, Literal
from urllib.request import urlopen

from PIL import Image
from playwright.sync_api import Browser, Page, expect, sync_playwright

from scheduling.management.demo.staff import PASSWORD
from tests import environment
from tools import chromium
from tools.starting import ROOT, last_line, wait_until_it_answers

MOMENT: Final = "2026-03-03T10:37:00+01:00"  # a Tuesday morning in Madrid
FOLDER: Final = ROOT / "docs" / "images"
COLOURS, MOST_BYTES = 128, 80_000
WIDE, TABLET, PHONE = (1440, 900), (1024, 768), (390, 844)
# For root and for containers; no calls home.
FLAGS: Final = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--font-render-hinting=none",
    "--lang=en-GB",  # how a date field shows its date
)
HOST: Final = "book.santelmo.example"  # so that no picture shows a port

Theme = Literal["light", "dark"]
Way = Callable[[Page], None]


def main() -> None:
    with (
        tempfile.TemporaryDirectory(prefix="clinic-pictures-") as folder,
        _served(folder) as address,
        sync_playwright() as playwright,
    ):
        flags = [*FLAGS, f"--host-resolver-rules=MAP {HOST} {address}"]
        browser = playwright.chromium.launch(executable_path=chromium.path(), args=flags)
        try:
            _take_all(browser, f"http://{HOST}")
        finally:
            browser.close()


def _take_all(browser: Browser, address: str) -> None:
    desk = _Desk(browser, address)
    desk.take("board", _board)
    desk.take("board-dark", _board, theme="dark")
    desk.take("board-phone", _board, size=PHONE)
    desk.take("find", _find)
    desk.take("visit", _visit)
    desk.take("patient", _patient)
    desk.take("waiting", _waiting, size=TABLET)
    desk.take("hours", _hours, username="manager")
    desk.take("attention", _attention)
    desk.take("just-taken", _just_taken(desk))  # last: it books


class _Desk:
    """Signs people in, once each, and takes pictures of what they see."""

    def __init__(self, browser: Browser, address: str) -> None:
        self.browser = browser
        self.address = address
        self.cookies: dict[str, str] = {}

    def take(
        self,
        name: str,
        way: Way,
        *,
        size: tuple[int, int] = WIDE,
        theme: Theme = "light",
        username: str = "reception",
    ) -> None:
        """Go a way through the product and keep what is seen at its end, as docs/images/<name>.png."""
        with self.page(username, size, theme) as page:
            way(page)
            page.wait_for_load_state("networkidle")
            shot = page.screenshot(animations="disabled", caret="hide", scale="css")
        path = FOLDER / f"{name}.png"
        _keep(shot, path)
        print(f"  {path.relative_to(ROOT)}  {path.stat().st_size // 1000} kB")

    @contextmanager
    def page(self, username: str, size: tuple[int, int] = WIDE, theme: Theme = "light") -> Iterator[Page]:
        width, height = size
        context = self.browser.new_context(
            base_url=self.address,
            viewport={"width": width, "height": height},
            color_scheme=theme,
            reduced_motion="reduce",
            locale="en-GB",
            timezone_id="Europe/Madrid",
        )
        page = context.new_page()
        page.clock.set_fixed_time(datetime.fromisoformat(MOMENT))
        page.goto("/sign-in/")
        page.get_by_label("User name").fill(username)
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Sign in").click()
        try:
            yield page
        finally:
            context.close()


def _board(page: Page) -> None:
    page.goto("/desk/")


def _free_start(page: Page, doctor: str, number: int) -> str:
    """The address of a doctor's free time that is still to come."""
    page.goto("/desk/")
    column = page.locator(".board .doc", has=page.get_by_role("heading", name=doctor))
    return column.locator("li.f:not(.past) a").nth(number).get_attribute("href") or ""


def _find(page: Page) -> None:
    page.goto("/desk/find/")
    page.get_by_role("radio", name="Consultation").check()
    page.get_by_role("button", name="Find times").click()
    page.wait_for_url("**/find/?**")
    page.evaluate("document.activeElement.blur()")


def _visit(page: Page) -> None:
    page.goto("/desk/")
    page.locator(".board li.v.st-ar a.mark").first.click()


def _patient(page: Page) -> None:
    _visit(page)
    page.locator("main a[href*='/desk/patients/']").first.click()


def _waiting(page: Page) -> None:
    page.goto("/desk/waiting/")


def _hours(page: Page) -> None:
    page.goto("/desk/hours/")
    page.get_by_role("link", name=re.compile("Vidal")).first.click()


def _attention(page: Page) -> None:
    page.goto("/desk/attention/")


def _just_taken(desk: _Desk) -> Way:
    """Two people have the form of one time open; the other one is quicker."""

    def choose(page: Page, address: str, patient: str) -> None:
        page.goto(address)
        page.get_by_label("Find the patient").press_sequentially(patient)
        page.keyboard.press("Enter")
        expect(page.get_by_role("complementary")).to_contain_text(patient)
        page.get_by_role("radio", name="First visit").check()

    def way(page: Page) -> None:
        address = _free_start(page, "Dr Karim Benali", 1)
        choose(page, address, "Sarah")
        page.get_by_label("Reason").fill("Neck pain after a fall")
        with desk.page("manager") as other:
            choose(other, address, "Morales")
            other.keyboard.press("Control+Enter")
            expect(other.get_by_role("heading", level=1)).to_contain_text("Booked")
        page.keyboard.press("Control+Enter")
        expect(page.get_by_role("alert")).to_contain_text("just taken")

    return way


def _keep(shot: bytes, path: Path) -> None:
    """As a PNG of few colours, and as fewer still where it would be big."""
    picture = Image.open(BytesIO(shot)).convert("RGB")
    path.parent.mkdir(parents=True, exist_ok=True)
    for colours in (COLOURS, COLOURS // 2, COLOURS // 4):
        few = picture.quantize(colours, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
        few.save(path, optimize=True)
        if path.stat().st_size <= MOST_BYTES:
            return


@contextmanager
def _served(folder: str) -> Iterator[str]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    env = (
        dict(os.environ)
        | environment.values(folder)
        | {"DEBUG": "true", "ALLOWED_HOSTS": f"{HOST},127.0.0.1"}
    )
    command = [sys.executable, "-m", "tools.clinic_at", MOMENT, str(port)]
    log = Path(folder) / "server.log"
    with (
        log.open("wb") as output,
        subprocess.Popen(command, cwd=ROOT, env=env, stdout=output, stderr=output) as server,
    ):
        try:
            address = f"127.0.0.1:{port}"
            wait_until_it_answers(
                server, lambda: _answers(address), lambda: last_line(log.read_text(errors="replace"))
            )
            yield address
        finally:
            server.terminate()


def _answers(address: str) -> bool:
    try:
        with urlopen(f"http://{address}/healthz"):
            return True
    except OSError:
        return False


if __name__ == "__main__":
    main()
