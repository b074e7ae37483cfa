"""What the documents tell somebody to call can be called: each command exists, and takes these arguments."""

import re
import shlex
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import get_commands, load_command_class

pytestmark = pytest.mark.once

ROOT = Path(settings.BASE_DIR)
DOCUMENTS = [*ROOT.glob("*.md"), *ROOT.glob("docs/*.md")]
COMMAND = re.compile(r"manage\.py (?P<command>[a-z_]+[^`\n|&;)#]*)")
MODULE = re.compile(r"python -m (?P<module>(?:tests|tools|bench)[\w.]*)")
CONTINUED = re.compile(r"\\\n\s*")


def told(pattern):
    for path in DOCUMENTS:
        text = CONTINUED.sub("", path.read_text())
        yield from sorted({(path.name, match[1].strip().rstrip(".,:")) for match in pattern.finditer(text)})


def parsed(command):
    """Raises where there is no such command, or it would not take this. Its name alone is a mention of it."""
    name, *arguments = shlex.split(re.sub(r"[\[\]]", "", command))  # [what may be left out]
    app = get_commands()[name]
    loaded = load_command_class(app, name) if isinstance(app, str) else app
    if arguments:
        loaded.create_parser("manage.py", name).parse_args(arguments)


@pytest.mark.parametrize(("document", "command"), list(told(COMMAND)))
def test_a_command_takes_what_the_document_gives_it(document, command):
    parsed(command)


def test_the_trial_finds_what_no_command_takes():
    for wrong in ("backup /srv/backups --kept 14", "back_up /srv/backups", "restore --replace"):
        with pytest.raises((Exception, SystemExit)):
            parsed(wrong)


@pytest.mark.parametrize(("document", "module"), sorted(set(told(MODULE))))
def test_a_module_that_a_document_runs_is_there(document, module):
    path = ROOT / module.replace(".", "/")
    assert (path / "__main__.py").exists() or path.with_suffix(".py").exists()


def test_what_people_see_is_quoted_as_they_see_it():
    catalogue = (ROOT / "locale/es/LC_MESSAGES/django.po").read_text()
    texts = re.sub(r'"\n"', "", catalogue).lower()
    page = (ROOT / "docs" / "troubleshooting.md").read_text()
    quoted = re.findall(r"“([^”]+)”", page)
    assert quoted and [text for text in quoted if text.lower() not in texts] == []
