"""The files of backups: their names, their folder, and which are kept."""

from datetime import datetime
from pathlib import Path

from models import migrations
from tasks.platform.home import keep_private

_NIGHTLY = "casebeat-*.zip"


def of_moment(folder: Path, at: datetime) -> Path:
    """Return the name of a backup of a moment, in UTC."""
    return folder / f"casebeat-{_stamp(at)}.zip"


def before_upgrade(folder: Path, at: datetime) -> Path:
    """Return the name of the backup that precedes a migration, which is never deleted by itself."""
    return folder / f"before-{migrations.HEAD}-{_stamp(at)}.zip"


def make_folder(home: Path, folder: Path) -> None:
    """Make the folder of the backups for its user alone, and close the data directory. Raises Refuse as that does."""
    keep_private(home)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)


def keep_newest(folder: Path, number: int) -> list[Path]:
    """Delete all but the newest backups by moment, and return those that were deleted. Others' files stay."""
    old = sorted(folder.glob(_NIGHTLY))[:-number]
    for file in old:
        file.unlink(missing_ok=True)
    return old


def _stamp(at: datetime) -> str:
    return f"{at:%Y%m%dT%H%M%SZ}"
