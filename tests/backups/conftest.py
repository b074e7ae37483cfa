import pytest

from tests.backups.elsewhere import new_database
from tests.cluster.trial import manage


@pytest.fixture(scope="session")
def clinic(tmp_path_factory):
    """The URL of a database with a small clinic in it, which no test changes."""
    url = new_database(tmp_path_factory.mktemp("clinic"))
    manage(url, "-m", "tests.cluster.clinic", whole=True)
    return url


@pytest.fixture(scope="session")
def backup(clinic, tmp_path_factory):
    """A backup of it."""
    path = tmp_path_factory.mktemp("backup") / "backup.zip"
    manage(clinic, "backup", str(path))
    return path


@pytest.fixture
def empty(tmp_path):
    """The URL of a database without a table."""
    return new_database(tmp_path)
