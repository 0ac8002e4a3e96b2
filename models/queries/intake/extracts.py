"""Reads and writes of extracts and their sources, and of messages to operations about them."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, func, select, text, update
from sqlalchemy.dialects.postgresql import insert

from config.days.london import LONDON
from config.message_kinds import MessageKind
from config.terms import Agency
from models.intake import Extract, Source
from models.outbox import Message
from models.queries.driver import execute, fetch_as, first_as, scalar, scalars

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


class JudgedExtract(NamedTuple):
    """One extract as it was judged. It is overtaken once a later one of its source was loaded."""

    id: int
    extract_id: str
    source: str
    state: str
    content: str
    sentence: str  # why it was refused or held
    overtaken: bool


_JUDGED = """
    select e.id, e.extract_id, e.source_name as source, e.state, e.content, coalesce(e.refusal, '') as sentence,
           coalesce(s.last_extracted_at >= e.extracted_at, false) as overtaken
    from extracts e left join sources s on s.name = e.source_name"""


def judged(connection: Connection, extract_id: str, marks: str) -> JudgedExtract | None:
    """Return an extract whose files are as they were when it was judged; None where they have to be read."""
    statement = f"{_JUDGED} where e.extract_id = %s and e.marks = %s order by e.id desc limit 1"
    return first_as(connection, JudgedExtract, statement, (extract_id, marks))


def decidable(connection: Connection, extract_id: str) -> JudgedExtract | None:
    """Return the newest content under an id on which a person decides, or has decided that it is not loaded."""
    statement = f"""
        {_JUDGED} where e.extract_id = %s and e.marks is not null and e.state in ('held', 'refused')
        order by e.id desc limit 1"""
    return first_as(connection, JudgedExtract, statement, (extract_id,))


def refused_by_person(connection: Connection, extract_id: str, content: str) -> str | None:
    """Return the sentence with which a person refused this content; None where nobody did."""
    statement = """
        select refusal from extracts
        where extract_id = %s and content = %s and state = 'refused' and marks is not null"""
    refusal: str | None = scalar(connection, statement, (extract_id, content))
    return refusal


def held_before(connection: Connection, source: str, extracted_at: datetime) -> str | None:
    """Return the newest extract of a source that is held, is not overtaken, and was taken before a moment."""
    statement = """
        select e.extract_id from extracts e join sources s on s.name = e.source_name
        where e.source_name = %s and e.state = 'held' and e.marks is not null
          and e.extracted_at > s.last_extracted_at and e.extracted_at < %s
        order by e.id desc limit 1"""
    extract_id: str | None = scalar(connection, statement, (source, extracted_at))
    return extract_id


def all_held(connection: Connection) -> list[str]:
    """Return the ids of the extracts that wait for a person's decision."""
    statement = """
        select distinct e.extract_id from extracts e join sources s on s.name = e.source_name
        where e.state = 'held' and e.marks is not null and e.extracted_at > s.last_extracted_at order by 1"""
    return scalars(connection, statement)


def refuse_held(connection: Connection, id_: int, sentence: str, at: datetime) -> None:
    """Record that a person refused an extract that is held. Its files are not read again."""
    statement = "update extracts set state = 'refused', refusal = %s, judged_at = %s where id = %s and state = 'held'"
    execute(connection, statement, (sentence, at, id_))


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


def record_extract(connection: Connection, **extract: Any) -> int:
    """Record the outcome of an extract, and return its id; what was refused or held before and loads now is loaded.

    The id is 0 where this content is loaded already, and nothing is recorded.
    """
    new = insert(Extract).values(**extract)
    names = ("state", "judged_at", "counts", "refusal", "marks")
    recorded = new.on_conflict_do_update(
        index_elements=["extract_id", "content"],
        set_={name: new.excluded[name] for name in names},
        where=Extract.state != "loaded",
    )
    return int(connection.scalar(recorded.returning(Extract.id)) or 0)


def tell(connection: Connection, extract: int, contact_ref: str, channel: str, day: date, as_of: datetime) -> None:
    """Queue the notice of an extract that is held to a person, to travel in their next letter."""
    statement = """
        insert into messages (key, kind, contact_ref, channel, day, about, due_at)
        values (%s, 'held_extract', %s, %s, %s, %s, %s) on conflict (key) do nothing"""
    key = f"held_extract:{extract}:{contact_ref}:{channel}"
    execute(connection, statement, (key, contact_ref, channel, day, str(extract), as_of))


def tell_operations(connection: Connection, key: str, channel: str, words: str, day: date, as_of: datetime) -> None:
    """Queue a message to operations, once for its key."""
    message = insert(Message).values(
        key=key, kind=MessageKind.OPERATIONS, channel=channel, day=day, text=words, due_at=as_of
    )
    connection.execute(message.on_conflict_do_nothing(index_elements=["key"]))


class HeldNotice(NamedTuple):
    """The extract of a message, as it is now, and the London day of its source's facts."""

    message_id: int
    extract_id: str
    source: str
    sentence: str
    known_on: date
    waits: bool  # for a decision still


def held_notices(connection: Connection, message_ids: Sequence[int]) -> dict[int, HeldNotice]:
    """Return the extracts of these messages, by message."""
    statement = f"""
        select m.id as message_id, e.extract_id, s.name as source, coalesce(e.refusal, '') as sentence,
               (s.last_extracted_at at time zone '{LONDON.key}')::date as known_on,
               e.state = 'held' and e.extracted_at > s.last_extracted_at as waits
        from messages m join extracts e on e.id = m.about::bigint join sources s on s.name = e.source_name
        where m.kind = 'held_extract' and m.id = any(%s)"""
    found = fetch_as(connection, HeldNotice, statement, (list(message_ids),))
    return {notice.message_id: notice for notice in found}
