"""What a source no longer supplies: kept, and no longer counted."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Connection,
    Text,
    and_,
    cast,
    exists,
    func,
    insert,
    literal,
    or_,
    select,
    update,
)

from config.forces import FORCES
from models.queries.staged import KEYS, TOUCHED, Staged


def _covered(file: Staged, covers: Sequence[str]) -> ColumnElement[bool]:
    """Whether a stored row is of a force that the extract covers; what has no force is."""
    stored = file.target
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


def _supplied(file: Staged, source_id: int, covers: Sequence[str]) -> ColumnElement[bool]:
    stored = file.target
    return and_(stored.c.source_id == source_id, stored.c.withdrawn_on.is_(None), _covered(file, covers))


def _vanished(file: Staged, source_id: int, covers: Sequence[str]) -> ColumnElement[bool]:
    rows: Any = file.rows() if file.by_key_id else file.table
    return and_(_supplied(file, source_id, covers), ~exists().where(file.match(file.target, rows)))


def vanished(connection: Connection, file: Staged, source_id: int, covers: Sequence[str]) -> tuple[int, int]:
    """How many rows a snapshot no longer holds, of how many its source supplied before."""
    count = select(func.count()).select_from(file.target)
    gone = connection.scalar(count.where(_vanished(file, source_id, covers))) or 0
    return gone, (connection.scalar(count.where(_supplied(file, source_id, covers))) or 0) if gone else 0


def withdraw_vanished(connection: Connection, file: Staged, source_id: int, covers: Sequence[str], day: date) -> int:
    """Withdraw from `day` what a snapshot no longer holds; rows are kept."""
    return _withdraw(connection, file, _vanished(file, source_id, covers), day)


def withdraw_told(connection: Connection, file: Staged, source_id: int, day: date) -> int:
    """Withdraw from `day` what a delta says is withdrawn."""
    rows = file.rows(and_(~file.table.c.bad, file.table.c.withdrawn))
    stored = file.target
    told = and_(
        stored.c.source_id == source_id, stored.c.withdrawn_on.is_(None), exists().where(file.match(stored, rows))
    )
    return _withdraw(connection, file, told, day)


def _withdraw(connection: Connection, file: Staged, which: ColumnElement[bool], day: date) -> int:
    stored = file.target
    values: dict[str, Any] = {"withdrawn_on": day} | ({"changed": True} if "changed" in stored.c else {})
    withdrawing = update(stored).where(which).values(values)
    if file.of_cases or not file.names_a_case:
        return connection.execute(withdrawing).rowcount
    gone = withdrawing.returning(stored.c.key_id).cte("gone")
    return connection.execute(
        insert(TOUCHED).from_select(["key_id", "rows"], select(gone.c.key_id, literal(1)))
    ).rowcount
