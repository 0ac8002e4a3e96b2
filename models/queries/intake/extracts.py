"""The record of extracts: what was loaded or refused, from whom, and what operations are told of it."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, func, select, text, update
from sqlalchemy.dialects.postgresql import insert

from config.terms import Agency, MessageKind
from models.intake import Extract, Source
from models.outbox import Message

LOCK = 0x6361_7365_6265_6174  # one intake at a time: "casebeat"


class Sender(NamedTuple):
    """A source as it is known before its next extract."""

    id: int
    agency: Agency
    last_extracted_at: datetime


MANY = 2_000  # rows; from here on a plan that loops over one table for each row of another is never the right one


def take_turn(connection: Connection, rows: int) -> None:
    """Wait until no other intake is loading; the turn ends with the transaction. `rows` is how many are to come.

    Tables that were filled a moment ago have no statistics yet, so that the planner takes many rows for few.
    """
    connection.execute(text("set local lock_timeout = 0"))
    connection.execute(select(func.pg_advisory_xact_lock(LOCK)))
    connection.execute(text("set local work_mem = '128MB'"))
    if rows >= MANY:
        connection.execute(text("set local enable_nestloop = off"))


def content_loaded(connection: Connection, extract_id: str) -> str | None:
    """The digest of what was loaded under an extract_id, if anything was."""
    return connection.scalar(select(Extract.content).where(Extract.extract_id == extract_id, Extract.state == "loaded"))


def marks_loaded(connection: Connection, extract_id: str) -> str | None:
    """How the files stood of what was loaded under an extract_id, if anything was."""
    return connection.scalar(select(Extract.marks).where(Extract.extract_id == extract_id, Extract.state == "loaded"))


def known_by(connection: Connection, extract_id: str, marks: str) -> None:
    """Remember how the files of a loaded extract stand, by which it is known without being read."""
    loaded = update(Extract).where(Extract.extract_id == extract_id, Extract.state == "loaded")
    connection.execute(loaded.values(marks=marks))


def sender(connection: Connection, name: str) -> Sender | None:
    """A source by its name, if it ever sent."""
    found = connection.execute(
        select(Source.id, Source.agency, Source.last_extracted_at).where(Source.name == name)
    ).first()
    return Sender(found[0], Agency(str(found[1])), found[2]) if found else None


def heard_from(
    connection: Connection, name: str, agency: Agency, covers: Sequence[str], extracted_at: datetime, as_of: datetime
) -> int:
    """Note that a source sent an extract; its id. The latest of its moments stands."""
    new = insert(Source).values(
        name=name, agency=agency, covers=list(covers), first_loaded_at=as_of, last_extracted_at=extracted_at
    )
    latest = func.greatest(Source.last_extracted_at, new.excluded.last_extracted_at)
    noted = new.on_conflict_do_update(
        index_elements=["name"], set_={"covers": new.excluded.covers, "last_extracted_at": latest}
    )
    return int(connection.scalar(noted.returning(Source.id)) or 0)


def remember(connection: Connection, **extract: Any) -> None:
    """Record what became of an extract; a content that was refused before and loads now is loaded."""
    new = insert(Extract).values(**extract)
    names = ("state", "judged_at", "counts", "refusal")
    connection.execute(
        new.on_conflict_do_update(
            constraint="uq_extracts_extract_id_content",
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
