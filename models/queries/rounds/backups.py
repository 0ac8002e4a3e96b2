"""The newest backup of a book, and the last test that one can be restored."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection

from models.queries.driver import first_as, scalar
from models.queries.rounds.rounds import set_switch

_MADE, _TESTED = "backup", "backup tested"


class BackupMade(NamedTuple):
    """A backup that was made, and on which machine its file is."""

    file: str
    file_bytes: int
    rows: int
    machine: str


class BackupTested(NamedTuple):
    """A test of a backup: whether it was restored with every row that it counts, and why not."""

    file: str
    failure: str  # empty: it was


class _Kept(NamedTuple):
    """A fact about backups, and its moment."""

    at: datetime
    value: str

    @property
    def parts(self) -> Mapping[str, Any]:
        """Return its fields."""
        parts: Mapping[str, Any] = json.loads(self.value)
        return parts


def note_made(connection: Connection, made: BackupMade, at: datetime) -> None:
    """Keep the newest backup of a book."""
    set_switch(connection, _MADE, json.dumps(made._asdict()), at)


def note_tested(connection: Connection, tested: BackupTested, at: datetime) -> None:
    """Keep the last test of a backup."""
    set_switch(connection, _TESTED, json.dumps(tested._asdict()), at)


def made(connection: Connection) -> tuple[datetime, BackupMade] | None:
    """Return the moment of the newest backup, and what it is; None where none was made."""
    kept = _kept(connection, _MADE)
    return (kept.at, BackupMade(**kept.parts)) if kept else None


def tested(connection: Connection) -> tuple[datetime, BackupTested] | None:
    """Return the moment of the last test, and its result; None where none was made."""
    kept = _kept(connection, _TESTED)
    return (kept.at, BackupTested(**kept.parts)) if kept else None


def in_use_since(connection: Connection) -> datetime | None:
    """Return when the book's first round ended: from then on there is something to lose."""
    moment: datetime | None = scalar(connection, "select min(ended_at) from rounds where undoing_id is null")
    return moment


def _kept(connection: Connection, name: str) -> _Kept | None:
    return first_as(connection, _Kept, "select set_at as at, value from switches where name = %s", (name,))
