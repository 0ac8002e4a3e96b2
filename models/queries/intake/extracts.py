"""Reads and writes of extracts and their sources, and of messages to operations about them."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, func, select, text, update
from sqlalchemy.dialects.postgresql import insert

from config.message_kinds import MessageKind
from config.terms import Agency
from models.intake import Extract, Source
from models.outbox import Message
from models.queries.driver import fetch_as, first_as

LOCK = 0x6361_7365_6265_6174  # one intake at a time: "casebeat"


class Sender(NamedTuple):
    """A source as it is known before its next extract."""

    id: int
    agency: Agency
    last_extracted_at: datetime
    covers: tuple[str, ...]


MANY = 2_000  # rows; from this number on, a nested loop is never the right plan


def take_turn(connection: Connection, rows: int) -> None:
    """Wait until no other intake is loading, and block others until commit. `rows` is how many rows will be loaded.

    Tables that were filled a moment ago have no statistics yet, so that the planner underestimates their rows.
    """
    connection.execute(text("set local lock_timeout = 0"))
    connection.execute(select(func.pg_advisory_xact_lock(LOCK)))
    connection.execute(text("set local work_mem = '128MB'"))
    if rows >= MANY:
        connection.execute(text("set local enable_nestloop = off"))


class LoadedExtract(NamedTuple):
    """What an extract is recognised by that was loaded: by the state of its files, else by their content."""

    extract_id: str
    content: str
    marks: str


def loaded_until(connection: Connection, until: date) -> dict[str, LoadedExtract]:
    """Return the extracts that were loaded up to a day in London, by their id."""
    day = func.date(func.timezone("Europe/London", Extract.judged_at))
    asked = select(Extract.extract_id, Extract.content, func.coalesce(Extract.marks, "").label("marks"))
    found = fetch_as(connection, LoadedExtract, asked.where(Extract.state == "loaded", day <= until))
    return {extract.extract_id: extract for extract in found}


def loaded_content(connection: Connection, extract_id: str) -> str | None:
    """Return the digest of the content that was loaded under an extract_id; None where nothing was."""
    return connection.scalar(select(Extract.content).where(Extract.extract_id == extract_id, Extract.state == "loaded"))


def loaded_marks(connection: Connection, extract_id: str) -> str | None:
    """Return the marks of the files that were loaded under an extract_id; None where nothing was."""
    return connection.scalar(select(Extract.marks).where(Extract.extract_id == extract_id, Extract.state == "loaded"))


def store_marks(connection: Connection, extract_id: str, marks: str) -> None:
    """Store the marks of a loaded extract's files, by which it is recognised without being read."""
    loaded = update(Extract).where(Extract.extract_id == extract_id, Extract.state == "loaded")
    connection.execute(loaded.values(marks=marks))


def sender(connection: Connection, name: str) -> Sender | None:
    """Return a source by its name; None where it never sent an extract."""
    found = select(Source.id, Source.agency, Source.last_extracted_at, Source.covers).where(Source.name == name)
    return first_as(connection, Sender, found)


def record_source(
    connection: Connection, name: str, agency: Agency, covers: Sequence[str], extracted_at: datetime, as_of: datetime
) -> int:
    """Record that a source sent an extract, and return the source's id. The latest moment of extraction is kept."""
    new = insert(Source).values(
        name=name, agency=agency, covers=list(covers), first_loaded_at=as_of, last_extracted_at=extracted_at
    )
    latest = func.greatest(Source.last_extracted_at, new.excluded.last_extracted_at)
    noted = new.on_conflict_do_update(
        index_elements=["name"], set_={"covers": new.excluded.covers, "last_extracted_at": latest}
    )
    return int(connection.scalar(noted.returning(Source.id)) or 0)


def record_extract(connection: Connection, **extract: Any) -> None:
    """Record the outcome of an extract; content that was refused before and loads now becomes loaded."""
    new = insert(Extract).values(**extract)
    names = ("state", "judged_at", "counts", "refusal")
    connection.execute(
        new.on_conflict_do_update(
            index_elements=["extract_id", "content"],
            set_={name: new.excluded[name] for name in names},
            where=Extract.state == "refused",
        )
    )


def tell_operations(connection: Connection, key: str, channel: str, words: str, day: date, as_of: datetime) -> None:
    """Queue a message to operations, once for its key."""
    message = insert(Message).values(
        key=key, kind=MessageKind.OPERATIONS, channel=channel, day=day, text=words, due_at=as_of
    )
    connection.execute(message.on_conflict_do_nothing(index_elements=["key"]))
