"""The nightly backup."""

from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext

from scheduling.backups import making
from scheduling.backups.failed import BackupFailed
from scheduling.jobs.failed import JobFailed


def back_up(now: datetime) -> str:
    """Into BACKUP_FOLDER, of which the BACKUP_KEEP newest stay. Raises `JobFailed`."""
    folder = Path(settings.BACKUP_FOLDER)
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        path, manifest = making.make(folder, now=now, keep=settings.BACKUP_KEEP)
    except BackupFailed as error:
        raise JobFailed(str(error)) from error
    except OSError as error:
        raise JobFailed(f"{folder}: {error.strerror}") from error
    said = gettext("%(file)s: %(rows)s rows, %(megabytes).1f MB.")
    megabytes = path.stat().st_size / 1e6
    return said % {"file": path.name, "rows": sum(manifest.counts.values()), "megabytes": megabytes}
