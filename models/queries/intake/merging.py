"""Writes from a file's temporary table into the facts, as sets that touch only the rows that differ."""

from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple, cast

from sqlalchemy import (
    ColumnElement,
    Connection,
    FromClause,
    Table,
    and_,
    any_,
    delete,
    exists,
    func,
    insert,
    literal,
    literal_column,
    null,
    or_,
    select,
    union,
    update,
)

from models.cases import Case
from models.intake import Source
from models.people import Contact
from models.queries.driver import fetch_as
from models.queries.intake import earlier_days, seen_changes, shared_keys
from models.queries.intake.kept_days import ExtractDays, of_changed_rows, of_new_rows
from models.queries.intake.staged import KEYS, TOUCHED, RowEffect, Staged, wanted

CASES, SOURCES, CONTACTS = (cast("Table", model.__table__) for model in (Case, Source, Contact))


def add_keys(connection: Connection, file: Staged) -> None:
    """Make a key for each case that the file names for the first time; only one intake at a time does this."""
    stage = file.table
    # Not by disclosed: the keys of an extract's rows
    pairs = [("force_code", "case_ref")] + ([("urn_root",)] if "urn_root" in stage.c else [])
    for names in pairs:
        known = exists().where(*(KEYS.c[name] == stage.c[name] for name in names))
        named = select(*(stage.c[name] for name in names)).where(
            file.good, *(stage.c[name].is_not(None) for name in names), ~known
        )
        in_order = named.distinct().order_by(*(stage.c[name] for name in names))  # so that a force's rows lie together
        connection.execute(insert(KEYS).from_select(names, in_order))


class DuplicateLine(NamedTuple):
    """A line with the identity of an earlier line, and the first such line."""

    line: int
    first: int


class ForeignLine(NamedTuple):
    """A line whose ref belongs to another source."""

    line: int
    source: str


class UnknownContactLine(NamedTuple):
    """A line that names a contact who is not known; `lines` is how many such lines the file has."""

    line: int
    ref: str
    lines: int
    rejected: bool | None  # whether the extract's contacts have a row of them, which did not load then


def duplicates(connection: Connection, file: Staged, most: int) -> list[DuplicateLine]:
    """Return the lines whose identity an earlier line of the file has, at most so many."""
    stage = file.table
    twice = (
        select(file.identity.label("identity"), func.min(stage.c.line).label("first"))
        .where(file.identity.is_not(None))
        .group_by(file.identity)
        .having(func.count() > 1)
        .subquery()
    )
    found = (
        select(stage.c.line, twice.c.first)
        .join(twice, twice.c.identity == file.identity)
        .where(stage.c.line != twice.c.first)
        .limit(most)
    )
    return fetch_as(connection, DuplicateLine, found)


def foreign_lines(connection: Connection, file: Staged, source_id: int, most: int) -> list[ForeignLine]:
    """Return the lines whose ref another source sent first, each with the name of that source; at most so many."""
    rows, stored = file.rows(), file.target
    found = (
        select(rows.c.line, SOURCES.c.name.label("source"))
        .select_from(rows.join(stored, file.match(stored, rows)))
        .join(SOURCES, SOURCES.c.id == stored.c.source_id)
        .where(stored.c.source_id != source_id)
        .limit(most)
    )
    return fetch_as(connection, ForeignLine, found)


def set_aside(connection: Connection, file: Staged, lines: Sequence[int]) -> None:
    """Mark lines that are not loaded."""
    connection.execute(update(file.table).where(file.table.c.line == any_(literal(list(lines)))).values(bad=True))


def withdraw(connection: Connection, file: Staged, day: date) -> None:
    """Withdraw the rows that the comparison found gone from `day` on; no row is deleted."""
    stored, changed = file.target, wanted(file)
    values: dict[str, Any] = {"withdrawn_on": day} | ({"changed": True} if "changed" in stored.c else {})
    connection.execute(
        update(stored).values(values).where(file.match(stored, changed), changed.c.what == RowEffect.GONE)
    )
    shared_keys.touch_of_gone(connection, file)
    if file.names_a_case and not file.of_cases:
        _touch(connection, select(changed.c.old_key_id, literal(1)).where(changed.c.what == RowEffect.GONE))


def change(connection: Connection, file: Staged, days: ExtractDays) -> None:
    """Write changed facts over the stored ones; a row that changed replaces what people recorded."""
    stored, changed = file.target, wanted(file)
    values: dict[str, Any] = {name: changed.c[name] for name in file.facts}
    values |= {"withdrawn_on": None, "as_sent": null(), **of_changed_rows(file, days)}
    if "changed" in stored.c:
        values["changed"] = or_(stored.c.changed, changed.c.really)
    told = changed.c.what == RowEffect.CHANGED
    earlier_days.keep(connection, file, days)
    seen_changes.keep(connection, file, days)
    shared_keys.touch_of_changed(connection, file)
    connection.execute(update(stored).values(values).where(file.match(stored, changed), told))
    if not file.names_a_case:
        return
    for column in (changed.c.key_id, *([changed.c.urn_key_id] if file.of_cases else []), changed.c.old_key_id):
        really = select(column, literal(1)).where(told, changed.c.really, column.is_not(None))
        _touch(connection, really.distinct())


def touch_forces(connection: Connection, force_codes: Sequence[str]) -> None:
    """Note every case of these forces: what their sources let rules see has changed."""
    _touch(connection, select(CASES.c.id, literal(1)).where(CASES.c.force_code.in_(force_codes)))


def _touch(connection: Connection, keys: Any) -> None:
    """Note the keys of cases of which something has changed: those that rows join, and those that they leave."""
    connection.execute(insert(TOUCHED).from_select(["key_id", "rows"], keys))


def add(connection: Connection, file: Staged, rows: FromClause, extra: dict[str, Any], days: ExtractDays) -> int:
    """Insert new rows with the values that are the same for all of them, and return how many there are."""
    stored = file.target
    said: dict[str, ColumnElement[Any]] = {name: rows.c[name] for name in file.facts}
    said |= {name: literal(value) for name, value in extra.items()}
    said |= {"id": rows.c.key_id} if file.of_cases else {}
    said |= of_new_rows(file, rows, days)
    shared_keys.touch_of_new(connection, file, rows)
    adding = insert(stored).from_select(list(said), select(*said.values()))
    if not file.names_a_case:
        return connection.execute(adding).rowcount
    key = stored.c.urn_key_id if file.of_cases else stored.c.key_id
    added = adding.returning(key.label("key_id")).cte("added")
    before = _touched_rows(connection)
    _touch(connection, select(added.c.key_id, func.count()).group_by(added.c.key_id))
    return _touched_rows(connection) - before


def new_rows(file: Staged) -> FromClause:
    """Return the rows that the comparison found to add."""
    changed = wanted(file)
    return select(changed).where(changed.c.what == RowEffect.ADDED).subquery("r")


def _touched_rows(connection: Connection) -> int:
    return int(connection.scalar(select(func.coalesce(func.sum(TOUCHED.c.rows), 0))) or 0)


def mark_cases(connection: Connection) -> int:
    """Mark the cases of the touched keys as changed, and all cases that share a URN root with one of them.

    Cases that wait already are locked first: a projection that has just taken one of them has not read the change.
    Return how many cases that were there before have changed, whether or not they waited already.
    """
    own, linked = CASES.alias("own"), CASES.alias("linked")
    found = union(
        select(own.c.id).join(TOUCHED, TOUCHED.c.key_id == own.c.id),
        select(own.c.id).join(TOUCHED, TOUCHED.c.key_id == own.c.urn_key_id),
        select(linked.c.id)
        .join(own, own.c.urn_key_id == linked.c.urn_key_id)
        .join(TOUCHED, TOUCHED.c.key_id == own.c.id),
    )
    other = literal_column("cases.xmin") != literal_column("pg_current_xact_id()::xid")  # this extract's own are safe
    taken = select(CASES.c.id).where(CASES.c.projection == "changed", CASES.c.id.in_(found), other)
    waiting_already = connection.scalars(taken.order_by(CASES.c.id).with_for_update(key_share=True)).all()
    marking = update(CASES).where(CASES.c.projection != "changed", CASES.c.id.in_(found))
    marked = connection.execute(marking.values(projection="changed", failure=None)).rowcount
    connection.execute(delete(TOUCHED))
    return len(waiting_already) + marked


def waiting(connection: Connection, file: Staged) -> int:
    """Count the rows of the file that name a case which is still unknown after loading, in one of two ways.

    Two anti-joins are used instead of one for both ways: a few rows are then found by index, and a book is read once.
    """
    if file.of_cases or not file.names_a_case:
        return 0
    stage = file.table
    # Not by disclosed: the rows of no case that is known
    ways = [("force_code", "case_ref")] + ([("urn_root",)] if "urn_root" in stage.c else [])
    homeless = and_(~exists().where(CASES.c.id == KEYS.c.id), ~exists().where(CASES.c.urn_key_id == KEYS.c.id))
    counts = (
        select(func.count()).where(
            file.good, exists().where(*(KEYS.c[name] == stage.c[name] for name in names), homeless)
        )
        for names in ways
    )
    return sum(connection.scalar(count) or 0 for count in counts)


def unknown_contacts(
    connection: Connection, file: Staged, column: str, most: int, contacts: Staged | None = None
) -> list[UnknownContactLine]:
    """Return the first `most` lines that name a contact who is not known. `contacts` are those of the extract."""
    named = file.table.c[column]
    told = select(file.table.c.line, named.label("ref")).where(file.good, named != "").subquery()
    rejected = exists().where(contacts.table.c.contact_ref == told.c.ref) if contacts else null()
    found = (
        select(told.c.line, told.c.ref, func.count().over().label("lines"), rejected.label("rejected"))
        .where(~exists().where(CONTACTS.c.contact_ref == told.c.ref))
        .order_by(told.c.line, told.c.ref)
        .limit(most)
    )
    return fetch_as(connection, UnknownContactLine, found)
