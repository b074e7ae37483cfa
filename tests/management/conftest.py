from importlib import import_module

import pytest
from django.apps import apps
from django.db import connection


@pytest.fixture
def roles_made(transactional_db):
    """The roles again, which a test that empties all tables takes away."""

    class Editor:
        pass

    Editor.connection = connection
    import_module("scheduling.migrations.0002_roles").make_roles(apps, Editor)
