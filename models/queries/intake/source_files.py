"""Reads and writes of the files of each source: when each was last in an extract, and since when it is left out."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import NamedTuple, cast

from sqlalchemy import Connection, Table, select
from sqlalchemy.dialects.postgresql import insert

from config.days.london import LONDON
from models.intake import SuppliedFile
from models.queries.driver import fetch_as

_FILES = cast("Table", SuppliedFile.__table__)


class KnownFile(NamedTuple):
    """A file of a source: the latest extract with it, and the first one since that should have had it and did not."""

    file: str
    sent_at: datetime | None  # None: it never came, and is due by the policy
    left_out_at: datetime | None


def known(connection: Connection, source_id: int) -> dict[str, KnownFile]:
    """Return what is known of a source's files, by name."""
    found = select(_FILES.c.file, _FILES.c.sent_at, _FILES.c.left_out_at).where(_FILES.c.source_id == source_id)
    return {file.file: file for file in fetch_as(connection, KnownFile, found)}


def record(connection: Connection, source_id: int, files: Iterable[KnownFile]) -> None:
    """Store what is known of these files from now on."""
    rows = [{"source_id": source_id, **file._asdict()} for file in files]
    if rows:
        new = insert(_FILES).values(rows)
        values = {"sent_at": new.excluded.sent_at, "left_out_at": new.excluded.left_out_at}
        connection.execute(new.on_conflict_do_update(index_elements=["source_id", "file"], set_=values))


class FileOfSource(NamedTuple):
    """A file of a source, by London days: of the latest extract with it, and of the first since that left it out."""

    source: str
    agency: str
    covers: tuple[str, ...]  # force codes
    file: str
    sent_on: date | None
    left_out_on: date | None


def every(connection: Connection) -> list[FileOfSource]:
    """Return the files that sources sent, or should have, by source and file."""
    return fetch_as(connection, FileOfSource, _statement("true"))


def left_out(connection: Connection) -> list[FileOfSource]:
    """Return those that are left out now."""
    return fetch_as(connection, FileOfSource, _statement("f.left_out_at is not null"))


def _statement(which: str) -> str:
    zone = LONDON.key
    return f"""
        select s.name as source, s.agency, s.covers, f.file, (f.sent_at at time zone '{zone}')::date as sent_on,
               (f.left_out_at at time zone '{zone}')::date as left_out_on
        from source_files f join sources s on s.id = f.source_id where {which} order by s.name, f.file"""
