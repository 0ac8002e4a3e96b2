"""The night's backup: made, the oldest deleted, and once a month the newest restored beside the book and counted."""

import platform
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from models.errors import Refuse
from models.queries.rounds import backups
from models.queries.rounds.backups import BackupMade, BackupTested
from tasks.platform.configuration import Configuration
from tasks.platform.text import number_of
from tasks.servers import backup_files, database, postgres, restore
from tasks.servers.backup import BackupManifest, back_up
from tasks.servers.restore import Hold

TESTED_EVERY = timedelta(days=28)
_BESIDE = "backup-test"  # the data directory of a test, in that of the book


class Night(NamedTuple):
    """The result of a night's backup: the file, how many old ones went, and the test, where one was due."""

    made: BackupMade
    deleted: int
    tested: BackupTested | None = None

    @property
    def failed(self) -> bool:
        """Return whether the newest backup could not be restored."""
        return self.tested is not None and bool(self.tested.failure)

    @property
    def sentence(self) -> str:
        """Describe it in one line."""
        size = f"{self.made.rows:,} rows are in {self.made.file} ({self.made.file_bytes / 1e6:,.1f} MB)"
        deleted = f"; {number_of(self.deleted, 'older file was', 'older files were')} deleted" if self.deleted else ""
        return f"{size}{deleted}.{_result(self.tested)}"


def _result(tested: BackupTested | None) -> str:
    if tested is None:
        return ""
    if tested.failure:
        return f" It could not be restored beside the book: {tested.failure}"
    return " It was restored beside the book, with every row that it counts."


def back_up_tonight(configuration: Configuration, at: datetime) -> Night:
    """Back up the book into the folder of the settings, and keep the newest of their number.

    Raises Refuse as `back_up` does.
    """
    settings = configuration.settings
    folder = settings.backup.folder_in(settings.home)
    backup_files.make_folder(settings.home, folder)
    file = backup_files.of_moment(folder, at)
    manifest = back_up(database.owner_url(), file, at, _quiet)
    made = note(manifest, file)
    return Night(made, len(backup_files.keep_newest(folder, settings.backup.keep)))


def note(manifest: BackupManifest, file: Path) -> BackupMade:
    """Keep in the book that this is its newest backup."""
    made = BackupMade(str(file), file.stat().st_size, manifest.total, platform.node())
    with database.transaction() as connection:
        backups.note_made(connection, made, manifest.made_at)
    return made


def is_test_due(at: datetime) -> bool:
    """Return whether no backup was restored within a month, or the last test failed."""
    with database.transaction() as connection:
        last = backups.tested(connection)
    return last is None or bool(last[1].failure) or at - last[0] >= TESTED_EVERY


def test_newest(configuration: Configuration, night: Night, at: datetime) -> Night:
    """Restore the night's backup into a PostgreSQL of its own beside the book, which ends with the test."""
    try:
        restored_beside(configuration.settings.home, Path(night.made.file), at)
        failure = ""
    except Refuse as refused:
        failure = str(refused)
    tested = BackupTested(night.made.file, failure)
    with database.transaction() as connection:
        backups.note_tested(connection, tested, at)
    return night._replace(tested=tested)


def restored_beside(home: Path, file: Path, at: datetime) -> None:
    """Restore a backup, and compare each table's count with the file's. Raises Refuse where that cannot be done."""
    with _emptied(home / _BESIDE) as beside:
        postgres.start(beside)
        url = postgres.url(beside, role="casebeat_owner")
        restore.restore(url, file, Hold("casebeat", at), beside, _quiet)


@contextmanager
def _emptied(folder: Path) -> Iterator[Path]:
    """Have an empty folder for the block; what a test that was killed left there goes first."""
    _clear(folder)
    folder.mkdir(mode=0o700)
    try:
        yield folder
    finally:
        _clear(folder)


def _clear(folder: Path) -> None:
    if folder.exists():
        postgres.stop(folder)
        shutil.rmtree(folder)


def _quiet(*_: int) -> None:
    """Show no progress."""
