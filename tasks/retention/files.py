"""Files of the data directory: refused rows, which go, and backups, which stay until somebody deletes them."""

import shutil
from datetime import UTC, date, datetime
from pathlib import Path

from config.days.london import london_day
from config.retention import Held
from models.errors import Refuse
from tasks.retention.account import BackupsLeft, HeldCount


def refused_rows(home: Path, until: date, *, erase: bool) -> HeldCount:
    """Count the folders of refused rows that were written up to a day, one an extract, and delete them if asked to."""
    old = [folder for folder in _within(home / "rejected") if folder.is_dir() and _written_on(folder) <= until]
    if erase:
        try:
            for folder in old:
                shutil.rmtree(folder)
        except OSError as error:
            raise Refuse(f"{home / 'rejected'} cannot be emptied ({error.strerror}): delete what is old.") from None
    return HeldCount(Held.REJECTED, until, len(old))


def backups(home: Path) -> BackupsLeft:
    """Return the backups in the data directory, and the day of the oldest."""
    files = [path for path in _within(home / "backups") if path.is_file()]
    days = [london_day(datetime.fromtimestamp(path.lstat().st_mtime, UTC)) for path in files]
    return BackupsLeft(str(home / "backups"), len(files), min(days, default=None))


def _within(folder: Path) -> list[Path]:
    return [path for path in sorted(folder.iterdir()) if not path.is_symlink()] if folder.is_dir() else []


def _written_on(folder: Path) -> date:
    """Return the day on which a folder, or a file in it, was written last."""
    moments = [path.lstat().st_mtime for path in (folder, *folder.iterdir())]
    return london_day(datetime.fromtimestamp(max(moments), UTC))
