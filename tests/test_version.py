"""Which release runs is said in one place, and told to who looks after it."""

import re
from pathlib import Path

import pytest
from django.conf import settings

ROOT = Path(settings.BASE_DIR)
FOOT = '<footer class="foot">Version {}</footer>'


@pytest.mark.once
def test_the_changelog_begins_with_the_version_that_runs():
    headings = re.findall(r"^## (\S+)", (ROOT / "CHANGELOG.md").read_text(), re.MULTILINE)
    assert headings[0] == settings.VERSION


@pytest.mark.once
@pytest.mark.parametrize("version", ["0.9.0", "12.0.1"])
def test_the_probe_and_the_foot_of_a_page_tell_it(client, rae, settings, version):
    settings.VERSION = version
    assert client.get("/healthz").content.decode() == f"alive {version}\n"
    client.force_login(rae)
    assert FOOT.format(version) in client.get("/desk/attention/").content.decode()


@pytest.mark.once
@pytest.mark.django_db
def test_who_is_not_signed_in_sees_no_version_on_a_page(client):
    page = client.get("/sign-in/").content.decode()
    assert settings.VERSION not in page
    assert "foot" not in re.findall(r'<footer class="([^"]*)"', page)
