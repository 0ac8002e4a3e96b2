"""From a file's temporary table into the facts: set by set, touching only what differs."""

from collections.abc import Sequence
from datetime import date
from typing import Any, cast

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    Table,
    and_,
    any_,
    case,
    delete,
    exists,
    func,
    insert,
    literal,
    literal_column,
    null,
    or_,
    select,
    tuple_,
    union,
    update,
)
from sqlalchemy.dialects.postgresql import insert as upsert

from config.terms import Classification
from models.cases import Case
from models.intake import Source
from models.people import Contact
from models.queries.staged import KEYS, TOUCHED, Staged

CASES, SOURCES, CONTACTS = (cast("Table", model.__table__) for model in (Case, Source, Contact))


def add_keys(connection: Connection, file: Staged) -> None:
    """Make a key for each case that the file names and nothing named before."""
    stage = file.table
    pairs = [("force_code", "case_ref")] + ([("urn_root",)] if "urn_root" in stage.c else [])
    for names in pairs:
        known = exists().where(*(KEYS.c[name] == stage.c[name] for name in names))
        named = select(*(stage.c[name] for name in names)).where(
            file.good, *(stage.c[name].is_not(None) for name in names), ~known
        )
        connection.execute(upsert(KEYS).from_select(names, named.distinct()).on_conflict_do_nothing())


def duplicates(connection: Connection, file: Staged) -> list[tuple[int, int]]:
    """Lines that tell of what an earlier line of the file tells of, each with the first such line."""
    stage = file.table
    twice = (
        select(file.identity.label("identity"), func.min(stage.c.line).label("first"))
        .where(file.identity.is_not(None))
        .group_by(file.identity)
        .having(func.count() > 1)
        .subquery()
    )
    found = connection.execute(
        select(stage.c.line, twice.c.first)
        .join(twice, twice.c.identity == file.identity)
        .where(stage.c.line != twice.c.first)
    )
    return [(line, first) for line, first in found]


def of_others(connection: Connection, file: Staged, source_id: int) -> list[tuple[int, str]]:
    """Lines whose ref another source sent first, each with that source's name."""
    rows, stored = file.rows(), file.target
    found = connection.execute(
        select(rows.c.line, SOURCES.c.name)
        .select_from(rows.join(stored, file.match(stored, rows)))
        .join(SOURCES, SOURCES.c.id == stored.c.source_id)
        .where(stored.c.source_id != source_id)
    )
    return [(line, name) for line, name in found]


def set_aside(connection: Connection, file: Staged, lines: Sequence[int]) -> None:
    """Mark lines as not to be loaded."""
    connection.execute(update(file.table).where(file.table.c.line == any_(literal(list(lines)))).values(bad=True))


def find_changed(connection: Connection, file: Staged, source_id: int, into: Table) -> int:
    """Collect the stored rows that the file tells otherwise, or again after they were withdrawn."""
    rows, stored = file.rows(file.good), file.target.alias("t")
    differs = _said(stored, file).is_distinct_from(_said(rows, file))
    sent = tuple_(*(literal_column(f'(jsonb_populate_record(t, t.as_sent))."{name}"') for name in file.facts))
    told = case((stored.c.as_sent.is_(None), differs), else_=sent.is_distinct_from(_said(rows, file)))
    again = stored.c.withdrawn_on.is_not(None)
    old_key = stored.c.urn_key_id if file.of_cases else stored.c.key_id if file.names_a_case else null()
    names = [*file.facts, *(["id"] if file.of_cases else []), "old_key_id", "really"]
    found: Select[Any] = (
        select(
            *(rows.c[name] for name in file.facts),
            *([stored.c.id] if file.of_cases else []),
            old_key,
            or_(again, differs),
        )
        .select_from(rows.join(stored, file.match(stored, rows)))
        .where(stored.c.source_id == source_id, or_(again, told))
    )
    return connection.execute(insert(into).from_select(names, found)).rowcount


def _said(side: Any, file: Staged) -> ColumnElement[Any]:
    return tuple_(*(side.c[name] for name in file.facts))


def change(connection: Connection, file: Staged, changed: Table, day: date) -> None:
    """Write the collected facts over the stored ones; what people recorded gives way, for the source's row changed."""
    stored = file.target
    values: dict[str, Any] = {name: changed.c[name] for name in file.facts}
    values |= {"withdrawn_on": None, "as_sent": null()}
    if file.of_cases:
        values["declassified_on"] = _declassified(changed, day)
        matching = stored.c.id == changed.c.id
    else:
        names = ("key_id",) if file.by_key_id else file.key
        matching = and_(*(stored.c[name] == changed.c[name] for name in names))
    if "changed" in stored.c:
        values["changed"] = or_(stored.c.changed, changed.c.really)
    connection.execute(update(stored).values(values).where(matching))


def _declassified(changed: Table, day: date) -> ColumnElement[Any]:
    stalking = Classification.STALKING.value
    return case(
        (changed.c.classification == stalking, null()),
        (CASES.c.classification == stalking, literal(day)),
        else_=CASES.c.declassified_on,
    )


def touch_changed(connection: Connection, file: Staged, changed: Table) -> None:
    """Note the keys of the cases whose rows really changed: those that rows join, and those that they leave."""
    if not file.names_a_case:
        return
    columns = [changed.c.id, changed.c.urn_key_id] if file.of_cases else [changed.c.key_id]
    for column in (*columns, changed.c.old_key_id):
        keys = select(column, literal(1)).where(changed.c.really, column.is_not(None)).distinct()
        connection.execute(insert(TOUCHED).from_select(["key_id", "rows"], keys))


def add(connection: Connection, file: Staged, source_id: int, constants: dict[str, Any]) -> int:
    """Insert the rows of the file that nobody sent before; how many they are."""
    rows, stored = file.rows(file.good), file.target
    extra = {"source_id": source_id, **constants}
    names = [*file.facts, *(["id"] if file.of_cases else []), *extra]
    new = (
        select(
            *(rows.c[name] for name in file.facts),
            *([rows.c.key_id] if file.of_cases else []),
            *(literal(value) for value in extra.values()),
        )
        .select_from(rows.outerjoin(stored, file.match(stored, rows)))
        .where(stored.c.source_id.is_(None))
    )
    adding = insert(stored).from_select(names, new)
    if not file.names_a_case:
        return connection.execute(adding).rowcount
    key = stored.c.urn_key_id if file.of_cases else stored.c.key_id
    added = adding.returning(key.label("key_id")).cte("added")
    counted = select(added.c.key_id, func.count()).group_by(added.c.key_id)
    before = _touched_rows(connection)
    connection.execute(insert(TOUCHED).from_select(["key_id", "rows"], counted))
    return _touched_rows(connection) - before


def _touched_rows(connection: Connection) -> int:
    return int(connection.scalar(select(func.coalesce(func.sum(TOUCHED.c.rows), 0))) or 0)


def mark_cases(connection: Connection) -> int:
    """Mark as changed the cases of the touched keys, and all that share a URN root with one of them."""
    own, linked = CASES.alias("own"), CASES.alias("linked")
    found = union(
        select(own.c.id).join(TOUCHED, TOUCHED.c.key_id == own.c.id),
        select(own.c.id).join(TOUCHED, TOUCHED.c.key_id == own.c.urn_key_id),
        select(linked.c.id)
        .join(own, own.c.urn_key_id == linked.c.urn_key_id)
        .join(TOUCHED, TOUCHED.c.key_id == own.c.id),
    )
    marking = update(CASES).where(CASES.c.projection != "changed", CASES.c.id.in_(found))
    marked = connection.execute(marking.values(projection="changed", failure=None)).rowcount
    connection.execute(delete(TOUCHED))
    return marked


def waiting(connection: Connection, file: Staged) -> int:
    """How many rows of the file name a case that is not known yet."""
    if file.of_cases or not file.names_a_case:
        return 0
    rows = file.rows(file.good)
    homeless = [~exists().where(CASES.c.id == rows.c.key_id)]
    if "urn_root" in file.table.c:
        homeless.append(~exists().where(CASES.c.urn_key_id == rows.c.key_id))
    return connection.scalar(select(func.count()).select_from(rows).where(*homeless)) or 0


def strangers(connection: Connection, file: Staged, column: str, most: int) -> tuple[list[tuple[int, str]], int]:
    """Lines that name a contact who is not known, the first `most` of them, and how many there are."""
    stage = file.table
    unknown = ~exists().where(CONTACTS.c.contact_ref == stage.c[column])
    found = connection.execute(
        select(stage.c.line, stage.c[column], func.count().over())
        .where(file.good, stage.c[column].is_not(None), unknown)
        .order_by(stage.c.line)
        .limit(most)
    ).all()
    return [(line, ref) for line, ref, _ in found], found[0][2] if found else 0
