"""Writes of what intake sees between two extracts: a risk that was lowered, a known end of bail that came later."""

from collections.abc import Iterator
from typing import Any, cast

from sqlalchemy import ColumnElement, Connection, Date, Table, Text, and_, case, literal, null, select
from sqlalchemy.dialects.postgresql import insert

from config.seen import SeenKind
from config.terms import Risk
from models.noticed import NoticedChange
from models.queries.intake.kept_days import ExtractDays
from models.queries.intake.staged import RowEffect, Staged, wanted

_SEEN = cast("Table", NoticedChange.__table__)
_BELOW_HIGH = {Risk.MEDIUM: 1, Risk.STANDARD: 2}


def keep(connection: Connection, file: Staged, days: ExtractDays) -> None:
    """Keep what an extract is about to change in stored rows. An older extract that is let in tells of no change."""
    if days.before is None or days.day < days.before:
        return
    stored, changed = file.target, wanted(file)
    told = and_(file.match(stored, changed), changed.c.what == RowEffect.CHANGED)
    ref = stored.c.suspect_ref if "suspect_ref" in stored.c else null().cast(Text)
    seen_on, since_on = (literal(day).cast(Date) for day in (days.day, days.before))
    for kind, seen in _seen(stored, changed, days):
        row = select(changed.c.key_id, ref, literal(kind.value), seen_on, since_on).where(told, seen)
        into = ["key_id", "suspect_ref", "kind", "seen_on", "since_on"]
        connection.execute(insert(_SEEN).from_select(into, row).on_conflict_do_nothing())


def _seen(stored: Table, changed: Table, days: ExtractDays) -> Iterator[tuple[SeenKind, ColumnElement[bool]]]:
    """Yield each kind of change that the rows' columns can tell, with its condition."""
    if "risk" in days.sent and "risk" in stored.c:
        yield SeenKind.RISK_LOWERED, _below_high(changed) > _below_high(stored)
    if "bail_ends_on" in days.sent and "bail_ends_on" in stored.c:
        yield SeenKind.BAIL_EXTENDED, changed.c.bail_ends_on > stored.c.bail_ends_on


def _below_high(side: Table) -> ColumnElement[Any]:
    """Return how far a risk is below high; what is unknown counts as high."""
    return case(_BELOW_HIGH, value=side.c.risk, else_=0)
