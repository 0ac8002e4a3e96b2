"""How old the newest backup is, and whether that is too old or it could not be restored."""

from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import Connection

from config.settings import Clock
from models.queries.rounds import backups
from models.queries.rounds.backups import BackupMade, BackupTested
from tasks.platform.configuration import Configuration
from tasks.platform.text import moment

OLDEST = timedelta(hours=26)  # a day, the hour by which one in October is longer, and an hour for the backup itself


class BackupState(NamedTuple):
    """The newest backup and the last test of one; and what is wrong, or nothing."""

    made_at: datetime | None
    made: BackupMade | None
    tested_at: datetime | None
    tested: BackupTested | None
    trouble: str = ""


NO_BACKUP = BackupState(None, None, None, None)


def look(configuration: Configuration, connection: Connection, at: datetime) -> BackupState:
    """Return the state of the backups at a moment. By a virtual clock, or with backups elsewhere, none is missed."""
    made, tested = backups.made(connection), backups.tested(connection)
    state = BackupState(*(made or (None, None)), *(tested or (None, None)))
    settings = configuration.settings
    if settings.backup.elsewhere or settings.clock is Clock.VIRTUAL:
        return state
    return state._replace(trouble=_trouble(state, backups.in_use_since(connection), at))


def _trouble(state: BackupState, in_use_since: datetime | None, at: datetime) -> str:
    last = state.made_at or in_use_since
    if last is not None and at - last > OLDEST:
        return f"the newest backup is of {moment(last)}" if state.made_at else "the book has no backup"
    if state.tested is not None and state.tested.failure:
        return f"the backup {state.tested.file} could not be restored: {state.tested.failure.rstrip('.')}"
    return ""
