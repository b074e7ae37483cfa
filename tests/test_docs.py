"""Documents can be read in an editor, and lead nowhere that is not there."""

import re
from pathlib import Path

import pytest
from django.conf import settings

pytestmark = pytest.mark.once

ROOT = Path(settings.BASE_DIR)
DOCUMENTS = [*ROOT.glob("*.md"), *ROOT.glob("docs/*.md"), *ROOT.glob("bench/*.md")]
LINK = re.compile(r"\]\((?!https?:|#)([^)#\s]+)")


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_a_document_has_short_lines_and_links_that_lead_somewhere(path):
    text = path.read_text()
    assert [line for line in text.splitlines() if len(line) > 120] == []
    assert [link for link in LINK.findall(text) if not (path.parent / link).exists()] == []
