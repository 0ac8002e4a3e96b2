"""Reads and writes of the columns that each source sends, and what they let the rules see."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import NamedTuple, cast

from sqlalchemy import Connection, Table, case, select
from sqlalchemy.dialects.postgresql import insert

from config.terms import Agency
from models.intake import ColumnState, SourceColumn
from models.queries.driver import fetch_as
from models.rules.sight import Sight

_COLUMNS = cast("Table", SourceColumn.__table__)


class KnownColumn(NamedTuple):
    """A column of a file, and whether the source sends it."""

    file: str
    name: str
    state: ColumnState


def known(connection: Connection, source_id: int) -> list[KnownColumn]:
    """Return what is known of a source's columns before its next extract."""
    found = select(_COLUMNS.c.file, _COLUMNS.c.name, _COLUMNS.c.state)
    return fetch_as(connection, KnownColumn, found.where(_COLUMNS.c.source_id == source_id))


def record(connection: Connection, source_id: int, columns: Iterable[KnownColumn], day: date) -> None:
    """Store these columns' states. `since` stays where a column is sent, or lacks, as before."""
    rows = [{"source_id": source_id, "since": day, **column._asdict()} for column in columns]
    if not rows:
        return
    new = insert(_COLUMNS).values(rows)
    lacked, lacks = (side.state == ColumnState.LACKING for side in (_COLUMNS.c, new.excluded))
    since = case((lacked == lacks, _COLUMNS.c.since), else_=new.excluded.since)
    noted = new.on_conflict_do_update(
        constraint="pk_source_columns", set_={"state": new.excluded.state, "since": since}
    )
    connection.execute(noted)


class _SourceFile(NamedTuple):
    """A file of a source: the columns that it sends, and all that it could send. `file` is None of Casebeat itself."""

    source_id: int
    source: str
    agency: Agency | None
    covers: frozenset[str]
    file: str | None
    sent: frozenset[str]
    known: frozenset[str]


def sights(connection: Connection, force_codes: Iterable[str]) -> dict[str, Sight]:
    """Return what the sources let the rules see of each of these forces' cases.

    What people record in Casebeat, which is a source of its own, is seen whatever it is.
    """
    found = fetch_as(
        connection,
        _SourceFile,
        """select s.id as source_id, s.name as source, s.agency, s.covers, c.file, coalesce(c.sent, '{}') as sent,
                  coalesce(c.known, '{}') as known
           from sources s left join (
             select source_id, file, array_agg(name) as known, array_agg(name) filter (where state <> 'lacking') as sent
             from source_columns group by source_id, file) c on c.source_id = s.id
           order by s.id, c.file""",
    )
    known = {one.file: one.known for one in found if one.file}
    own = {one.source_id for one in found if one.agency is None}
    sent = {(one.source_id, one.file): one.sent for one in found if one.file} | {
        (source, file): names for source in own for file, names in known.items()
    }
    names = {one.source_id: one.source for one in found}
    return {force: Sight(sent, names, _covering(found, force)) for force in force_codes}


def _covering(found: Sequence[_SourceFile], force_code: str) -> dict[Agency, tuple[int, ...]]:
    return {
        agency: tuple(sorted({one.source_id for one in found if one.agency is agency and force_code in one.covers}))
        for agency in Agency
    }
