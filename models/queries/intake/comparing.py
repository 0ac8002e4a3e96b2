"""The comparison of an extract's file with the stored rows, in one pass."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Connection,
    FromClause,
    Text,
    and_,
    case,
    cast,
    exists,
    false,
    func,
    insert,
    literal,
    literal_column,
    null,
    or_,
    select,
    tuple_,
)

from config.forces import FORCES
from models.cases import Case, OrderRow
from models.queries.driver import mapping, one_as
from models.queries.intake.staged import KEYS, RowEffect, Staged, wanted

CASES, ORDERS = Case.__table__, OrderRow.__table__
ChangeCounts = dict[str, int]


def has_sent(connection: Connection, file: Staged, source_id: int) -> bool:
    """Return whether the source ever sent a row of this kind of file; if not, there is nothing to compare with."""
    sent = select(literal(1)).where(file.target.c.source_id == source_id)
    return connection.scalar(sent.limit(1)) is not None


def compare(
    connection: Connection,
    file: Staged,
    source_id: int,
    snapshot_of: Sequence[str] | None,
    unsaid: frozenset[str],
) -> ChangeCounts:
    """Collect the rows that the file adds, changes, restores or removes, and return how many there are of each.

    A snapshot removes the rows of its forces that it leaves out, but not those of a case that is missing itself.
    A delta (`snapshot_of` is None) names what it removes. Stored rows keep their source's values of the columns
    `unsaid`, of which the file says nothing.
    """
    rows, stored, into = file.rows(), file.target.alias("t"), wanted(file)
    named = [name for name in file.facts if name not in unsaid]
    said, held, again = _facts(rows, named), _facts(stored, named), stored.c.withdrawn_on.is_not(None)
    differs = held.is_distinct_from(said)
    told = case((stored.c.as_sent.is_(None), differs), else_=_sent(file, named).is_distinct_from(said))
    good, mine = and_(~rows.c.bad, ~rows.c.withdrawn), stored.c.source_id == source_id
    left_out = and_(rows.c.line.is_(None), covered(file, stored, snapshot_of)) if snapshot_of is not None else false()
    kept = and_(left_out, mine, ~again, of_missing(stored)) if file.names_a_case and not file.of_cases else false()
    what: ColumnElement[str | None] = case(
        (and_(good, stored.c.source_id.is_(None)), RowEffect.ADDED),
        (and_(good, mine, or_(again, told)), RowEffect.CHANGED),
        (kept, RowEffect.KEPT),
        (and_(or_(left_out, and_(rows.c.withdrawn, ~rows.c.bad)), mine, ~again), RowEffect.GONE),
    )
    old_key = stored.c.urn_key_id if file.of_cases else stored.c.key_id if file.names_a_case else null()
    found = (
        select(*_told(rows, stored, file, into, unsaid), old_key, or_(again, differs), what)
        .select_from(rows.outerjoin(stored, file.match(stored, rows), full=snapshot_of is not None))
        .where(what.is_not(None))
    )
    connection.execute(insert(into).from_select([column.name for column in into.c], found))
    counts = select(into.c.what, func.count().label("rows")).group_by(into.c.what)
    return mapping(connection, "what", "rows", counts)


def _told(
    rows: FromClause, stored: FromClause, file: Staged, into: FromClause, unsaid: frozenset[str]
) -> list[ColumnElement[Any]]:
    """Return the facts of the file's row; where there is none, the key of the stored row."""
    key = {"key_id": file.by_key_id} if file.by_key_id else {name: name for name in file.key}
    names = [column.name for column in into.c if column.name in rows.c]
    facts = {n: func.coalesce(rows.c[n], stored.c[key[n]]) if n in key else rows.c[n] for n in names}
    for name in unsaid & facts.keys():
        before = literal_column(sent_value(file, name), file.target.c[name].type)
        facts[name] = case((stored.c.source_id.is_(None), rows.c[name]), else_=before)
    return list(facts.values())


def _facts(side: FromClause, names: Iterable[str]) -> ColumnElement[Any]:
    return tuple_(*(side.c[name] for name in names))


def _sent(file: Staged, names: Iterable[str]) -> ColumnElement[Any]:
    """Return the facts of the stored row `t` as its source sent them, where a person has since recorded others."""
    return tuple_(*(literal_column(sent_value(file, name)) for name in names))


def sent_value(file: Staged, name: str) -> str:
    """Return the SQL of a value of the stored row `t` as its source sent it."""
    record = f"jsonb_populate_record(null::{file.target.name}, t.as_sent)"  # a record of `t` itself would be costly
    return f"""case when t.as_sent ? '{name}' then ({record})."{name}" else t."{name}" end"""


def supplied(connection: Connection, file: Staged, source_id: int, covers: Sequence[str]) -> int:
    """Count the rows of these forces that the source supplied before and did not withdraw."""
    stored = file.target
    mine = and_(stored.c.source_id == source_id, stored.c.withdrawn_on.is_(None))
    return connection.scalar(select(func.count()).select_from(stored).where(mine, covered(file, stored, covers))) or 0


def covered(file: Staged, stored: FromClause, covers: Sequence[str]) -> ColumnElement[bool]:
    """Return whether a stored row is of a force that the extract covers; a row without a force always is."""
    if file.of_cases:
        return stored.c.force_code.in_(covers)
    if file.names_a_case:
        made_by = func.left(KEYS.c.urn_root, 2)
        named = or_(KEYS.c.force_code.in_(covers), made_by.in_(covers), made_by.not_in(list(FORCES)))
        return exists().where(KEYS.c.id == stored.c.key_id, named)
    if "force_codes" in stored.c:
        return or_(
            func.cardinality(stored.c.force_codes) == 0,
            stored.c.force_codes.bool_op("&&")(cast(list(covers), ARRAY(Text))),
        )
    return literal(True)


def of_missing(stored: FromClause) -> ColumnElement[bool]:
    """Return whether a stored row's case is missing from its source.

    A row given by URN may be of several cases: it is another's while the row's own source still sends that case.
    """
    gone, sent = CASES.alias("gone"), CASES.alias("sent")
    missing = exists().where(_is_of(stored, gone), gone.c.withdrawn_on.is_not(None))
    still = exists().where(_is_of(stored, sent), sent.c.withdrawn_on.is_(None), sent.c.source_id == stored.c.source_id)
    return and_(missing, ~still)


def _is_of(stored: FromClause, case: FromClause) -> ColumnElement[bool]:
    return or_(case.c.id == stored.c.key_id, case.c.urn_key_id == stored.c.key_id)


class UnexpiredOrders(NamedTuple):
    """How many orders have not expired, and the first day on which one does; None where no end is recorded."""

    orders: int
    first_on: date | None


NO_ORDERS = UnexpiredOrders(0, None)


def unexpired_orders(connection: Connection, cases: Staged, day: date) -> UnexpiredOrders:
    """Count the orders of the cases that this extract leaves out: made or dated, and not expired before `day`."""
    left = wanted(cases)
    named = exists().where(
        left.c.what == RowEffect.GONE, or_(ORDERS.c.key_id == left.c.key_id, ORDERS.c.key_id == left.c.old_key_id)
    )
    lasts = func.coalesce(ORDERS.c.expires_on >= day, ORDERS.c.made_on.is_not(None))
    counted = select(func.count().label("orders"), func.min(ORDERS.c.expires_on).label("first_on"))
    return one_as(connection, UnexpiredOrders, counted.where(ORDERS.c.withdrawn_on.is_(None), lasts, named))
