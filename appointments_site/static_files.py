"""Static files as production serves them: under hashed names, packed, ours without what only people read."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any, Final

from django.core.files.base import ContentFile, File
from django.core.files.storage import Storage
from whitenoise.storage import CompressedManifestStaticFilesStorage

OURS: Final = "css/"  # our own stylesheets; those of others are taken as they are
# Django's own switch for imports (`support_js_module_import_aggregation`) looks into scripts of others too
# and stops at the first that says `import` without meaning a file beside it. Ours read `from "./name.js"`.
IMPORTS: Final = (
    "js/*.js",
    ((r'(?P<matched>(?P<before>\b(?:from|import)\s+)"(?P<url>\./[^"]+\.js)")', '%(before)s"%(url)s"'),),
)
COMMENT: Final = re.compile(rb"/\*.*?\*/", re.DOTALL)
LINE_BREAK: Final = re.compile(rb"\s*\n\s*")


class StaticFiles(CompressedManifestStaticFilesStorage):  # type: ignore[misc]  # WhiteNoise has no types
    """Imports of modules get hashed names too; our stylesheets travel without comments and indentation."""

    patterns = (*CompressedManifestStaticFilesStorage.patterns, IMPORTS)

    def post_process(
        self, paths: dict[str, tuple[Storage, str]], dry_run: bool = False, **options: Any
    ) -> Iterable[Any]:
        short = {
            name: (_Short(at), path) if _is_ours(name) else (at, path) for name, (at, path) in paths.items()
        }
        yield from super().post_process(short, dry_run, **options)


class _Short(Storage):
    """The stylesheets of another storage, read without comments and indentation."""

    def __init__(self, of: Storage) -> None:
        self.of = of

    def _open(self, name: str, mode: str = "rb") -> File[bytes]:
        with self.of.open(name, mode) as file:
            return ContentFile(shortened(file.read()), name)


def shortened(style: bytes) -> bytes:
    return LINE_BREAK.sub(b"\n", COMMENT.sub(b"", style)).lstrip()


def _is_ours(name: str) -> bool:
    return name.startswith(OURS) and name.endswith(".css")
