"""Reads and writes of the columns that each source sends, and what they let the rules see."""

from collections.abc import Collection, Iterable, Sequence
from datetime import date
from typing import NamedTuple, cast

from sqlalchemy import Connection, Table, case, select
from sqlalchemy.dialects.postgresql import insert

from config.terms import Agency
from models.intake import ColumnState, SourceColumn
from models.queries.driver import fetch_as, mapping
from models.queries.kept_plans import Kept
from models.rules.literals import Literals
from models.rules.obligations.coverage import SourceSight
from models.rules.sight import SentColumn, Sight

_COLUMNS = cast("Table", SourceColumn.__table__)
SEEN = Literals(state for state in ColumnState if state.seen)


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
    """Store these columns' states. `since` stays where a column lets something be seen, or nothing, as before."""
    rows = [{"source_id": source_id, "since": day, **column._asdict()} for column in columns]
    if not rows:
        return
    new = insert(_COLUMNS).values(rows)
    saw, sees = (side.state.in_(SEEN) for side in (_COLUMNS.c, new.excluded))
    since = case((saw == sees, _COLUMNS.c.since), else_=new.excluded.since)
    noted = new.on_conflict_do_update(
        index_elements=["source_id", "file", "name"], set_={"state": new.excluded.state, "since": since}
    )
    connection.execute(noted)


class _SourceFile(NamedTuple):
    """A file of a source: the columns that it sends, and those that it does not. `file` is None of Casebeat itself."""

    source_id: int
    source: str
    agency: Agency | None
    file: str | None
    covers: frozenset[str]  # of the forces asked about
    sent: frozenset[str]
    unsent: frozenset[str]


def sights(connection: Connection, force_codes: Collection[str], source_ids: Collection[int] = ()) -> dict[str, Sight]:
    """Return what the sources let the rules see of each of these forces' cases.

    `source_ids` are those of rows: a source that covers the force no longer counts for the rows that it sent. What
    people record in Casebeat, which is a source of its own, is seen whatever it is.
    """
    statement = f"""
        select s.id as source_id, s.name as source, s.agency, c.file,
               array(select code from unnest(%(forces)s::text[]) code where code = any(s.covers)) as covers,
               coalesce(array_agg(c.name) filter (where c.state in {SEEN}), '{{}}') as sent,
               coalesce(array_agg(c.name) filter (where c.state not in {SEEN}), '{{}}') as unsent
        from sources s left join source_columns c on c.source_id = s.id
        where s.covers && %(forces)s or s.id = any(%(ids)s) or s.agency is null
        group by s.id, c.file"""
    given = {"forces": sorted(force_codes), "ids": sorted(source_ids)}
    found = fetch_as(connection, _SourceFile, Kept(statement), given)
    known: dict[str, frozenset[str]] = {}
    for file in found:
        if file.file:
            known[file.file] = known.get(file.file, frozenset()) | file.sent | file.unsent
    own = {file.source_id for file in found if file.agency is None}
    sent = {(file.source_id, file.file): file.sent for file in found if file.file} | {
        (source, file): names for source in own for file, names in known.items()
    }
    names = {file.source_id: file.source for file in found}
    return {force: Sight(sent, names, _covering(found, force)) for force in force_codes}


def _covering(files: Sequence[_SourceFile], force_code: str) -> dict[Agency, tuple[int, ...]]:
    return {
        agency: tuple(sorted({file.source_id for file in files if file.agency is agency and force_code in file.covers}))
        for agency in Agency
    }


def sources(connection: Connection) -> list[SourceSight]:
    """Return each system that sends extracts, with the columns that it sends, in the order of their names."""
    statement = f"""
        select s.name as source, s.agency, s.covers,
               coalesce(array_agg(c.file) filter (where c.state in {SEEN}), '{{}}') as files,
               coalesce(array_agg(c.name) filter (where c.state in {SEEN}), '{{}}') as columns
        from sources s left join source_columns c on c.source_id = s.id
        where s.agency is not null group by s.id order by s.name"""
    found = fetch_as(connection, _SourceColumns, statement)
    return [
        SourceSight(
            sight.source,
            sight.agency,
            sight.covers,
            frozenset(map(SentColumn, sight.files, sight.columns)),
        )
        for sight in found
    ]


class _SourceColumns(NamedTuple):
    """A source, and the files and names of the columns that it sends."""

    source: str
    agency: Agency
    covers: frozenset[str]
    files: tuple[str, ...]
    columns: tuple[str, ...]


def lacking_since(connection: Connection) -> dict[str, dict[SentColumn, date]]:
    """Return, by source, since when each of its columns is lacking."""
    statement = """
        select s.name as source, c.file, c.name, c.since from source_columns c join sources s on s.id = c.source_id
        where c.state = 'lacking'"""
    lacking: dict[str, dict[SentColumn, date]] = {}
    for (source, file, name), since in mapping(connection, ("source", "file", "name"), "since", statement).items():
        lacking.setdefault(source, {})[SentColumn(file, name)] = since
    return lacking
