"""What a server reads before its first request: addresses with the code behind them, and templates.

gunicorn does it once and forks its workers afterwards. A worker that read all this for its own first request
would keep everybody who comes meanwhile waiting for one or two seconds, /healthz included.
"""

from pathlib import Path

from django.conf import settings
from django.template import engines
from django.urls import URLResolver, get_resolver


def load() -> None:
    """Read the addresses and our own templates; where templates are not kept (DEBUG), the addresses alone."""
    _read_addresses(get_resolver())
    if not settings.DEBUG:
        _read_templates()


def _read_addresses(resolver: URLResolver) -> None:
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLResolver):
            _read_addresses(pattern)


def _read_templates() -> None:
    engine_of = {Path(folder): engine for engine in engines.all() for folder in engine.dirs}
    for folder, engine in engine_of.items():
        for path in folder.rglob("*"):
            # Jinja's lie in a folder of Django's.
            nearest = next(parent for parent in path.parents if parent in engine_of)
            if path.is_file() and nearest == folder:
                engine.get_template(path.relative_to(folder).as_posix())
