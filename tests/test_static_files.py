"""What production sends of our stylesheets and scripts (appointments_site/static_files.py)."""

import re
from pathlib import Path

import pytest
from django.conf import settings as site
from django.core.management import call_command

from appointments_site.static_files import shortened


def test_comments_and_indentation_stay_at_home():
    style = b'/* What\n   it is. */\n@layer a {\n  .b::after { content: " / "; }\n\n  .c { margin: 0; }\n}\n'
    assert shortened(style) == b'@layer a {\n.b::after { content: " / "; }\n.c { margin: 0; }\n}\n'


@pytest.fixture
def collected(settings, tmp_path):
    """Our static files, and a stylesheet of somebody else's, as production serves them."""
    others = tmp_path / "others" / "theirs"
    others.mkdir(parents=True)
    (others / "style.css").write_text("/* Theirs */\n  .a { margin: 0; }\n")
    settings.STATIC_ROOT = tmp_path / "static"
    settings.STATICFILES_DIRS = [*settings.STATICFILES_DIRS, others.parent]
    settings.STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "appointments_site.static_files.StaticFiles"}
    }
    call_command("collectstatic", interactive=False, verbosity=0)
    return Path(settings.STATIC_ROOT)


def test_they_are_hashed_with_modules_that_find_each_other_and_short_stylesheets(collected):
    modules = list((collected / "js").glob("*.????????????.js"))
    imported = {name for path in modules for name in re.findall(r'from "\./([^"]+)"', path.read_text())}
    assert len(modules) == len(list(Path(site.BASE_DIR, "static", "js").glob("*.js")))
    assert imported
    assert imported <= {path.name for path in modules}

    (ours,) = (collected / "css").glob("board.????????????.css")
    (theirs,) = (collected / "theirs").glob("style.????????????.css")
    assert b"/*" in (collected / "css" / "board.css").read_bytes()
    assert b"/*" not in ours.read_bytes()
    assert theirs.read_text() == "/* Theirs */\n  .a { margin: 0; }\n"
