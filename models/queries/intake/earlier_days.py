"""Writes and reads of the days that a case's rows had before an extract changed them: the report counts by them."""

from collections.abc import Collection
from datetime import date
from typing import Any, cast

from sqlalchemy import ColumnElement, Connection, Date, FromClause, Table, Text, and_, case, literal, null, or_, select
from sqlalchemy.dialects.postgresql import insert

from models.cases import Case, CpsCase
from models.noticed import EarlierDay
from models.queries.driver import array, grouped, keyed_as
from models.queries.intake.kept_days import ExtractDays
from models.queries.intake.staged import RowEffect, Staged, wanted
from models.queries.kept_plans import Kept
from models.rules.report.earlier import DayKind, Earlier
from models.suspects import DefendantRow, SuspectRow

_EARLIER = cast("Table", EarlierDay.__table__)
_OF_SUSPECTS = (DayKind.BAIL_ENDS, DayKind.BAIL_VIEWS, DayKind.RELEASE_REVIEWED, DayKind.ATTEMPTED)
_OF_CASES = (
    DayKind.TOLD, DayKind.ASSESSED, DayKind.CONTACTED, DayKind.CONSIDERED, DayKind.LAST_ACT,
    DayKind.CONFIRMED, *_OF_SUSPECTS,
)  # fmt: skip
_KEPT: dict[str, tuple[DayKind, ...]] = {
    Case.__tablename__: _OF_CASES, SuspectRow.__tablename__: _OF_SUSPECTS,
    **dict.fromkeys((CpsCase.__tablename__, DefendantRow.__tablename__), (DayKind.CUSTODY_ENDS,)),
}  # fmt: skip


def keep(connection: Connection, file: Staged, days: ExtractDays) -> None:
    """Keep the days of stored rows that an extract is about to change."""
    stored, changed, until = file.target, wanted(file), days.since
    told = and_(file.match(stored, changed), changed.c.what == RowEffect.CHANGED)
    for kind in _KEPT.get(stored.name, ()):
        before, now = stored.c[kind], changed.c[kind]
        _keep(connection, stored, and_(told, before.is_distinct_from(now)), kind, before, until)
    if "suspect_status" in stored.c:
        other = or_(
            stored.c.suspect_status.is_distinct_from(changed.c.suspect_status),
            stored.c.status_changed_on.is_distinct_from(changed.c.status_changed_on),
        )
        known = or_(stored.c.status_seen_on.is_not(None), stored.c.status_changed_on == stored.c.status_on)
        status = stored.c.suspect_status
        _keep(connection, stored, and_(told, other, known), DayKind.STATUS, stored.c.status_on, until, status)
        _keep(connection, stored, and_(told, other), DayKind.NEWS, _news(stored), until)


def _keep(
    connection: Connection,
    stored: Table,
    where: ColumnElement[bool],
    kind: DayKind,
    day: ColumnElement[Any],
    until: date,
    state: ColumnElement[Any] | None = None,
) -> None:
    key = stored.c.id if "urn_key_id" in stored.c else stored.c.key_id
    own = next((stored.c[name] for name in ("suspect_ref", "defendant_ref") if name in stored.c), null().cast(Text))
    begun = null().cast(Text) if state is None else state
    row = select(key, own, literal(kind.value), day, begun, literal(until).cast(Date))
    into = [column.name for column in _EARLIER.c if column.name != "id"]
    connection.execute(insert(_EARLIER).from_select(into, row.where(where, day.is_not(None))).on_conflict_do_nothing())


def _news(stored: FromClause) -> ColumnElement[Any]:
    """Return the day of the news that a status is: its own, else that of the extract with it."""
    own = stored.c.status_changed_on
    return case((own == stored.c.status_on, own), else_=stored.c.status_seen_on)


def of_keys(connection: Connection, keys: Collection[int]) -> dict[int, list[Earlier]]:
    """Return the days that the rows of these keys had before, the first that were replaced before the others."""
    statement = Kept("""
        select key_id, name as kind, day, state, until_on, ref from earlier_days
        where key_id = any(%(keys)s::bigint[]) order by until_on, id""")
    return grouped(keyed_as(connection, "key_id", Earlier, statement, {"keys": array(sorted(keys))}))
