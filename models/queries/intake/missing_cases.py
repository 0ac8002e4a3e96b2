"""Cases that are missing from their source: what becomes of their rows in the other files, and of their orders."""

from datetime import date
from typing import NamedTuple, cast

from sqlalchemy import ColumnElement, Connection, FromClause, Table, and_, exists, func, or_, select

from models.cases import Case, OrderRow
from models.queries.driver import fetch_as
from models.queries.intake.staged import RowEffect, Staged, wanted

CASES, ORDERS = (cast("Table", model.__table__) for model in (Case, OrderRow))


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
    (orders,) = fetch_as(connection, UnexpiredOrders, counted.where(ORDERS.c.withdrawn_on.is_(None), lasts, named))
    return orders
