"""The days of cases and suspects that no source sends: intake works them out from what an extract changes."""

from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Date, FromClause, Table, and_, case, cast, func, literal, null, or_, select

from config.terms import Classification, FinalisedReason
from models.cases import Case
from models.queries.intake.staged import Staged, wanted

CASES = Case.__table__
TRANSFERRED = FinalisedReason.TRANSFERRED.value
KeptDays = dict[str, ColumnElement[Any]]


class ExtractDays(NamedTuple):
    """The London days of an extract and of the one before it, and which columns of the file its source sent before.

    What an extract tells first in a column is no change.
    """

    day: date
    before: date | None  # None: it is the source's first
    sent: frozenset[str]

    @property
    def since(self) -> date:
        """Return the day since which what the extract changes has been so at the latest.

        An older extract that is let in is after none.
        """
        return min(self.day, self.before or self.day)


def of_new_rows(file: Staged, rows: FromClause, days: ExtractDays) -> KeptDays:
    """Return the days of cases or suspects that the source sends for the first time.

    A status that comes with its row later than the source's first ones changed since the extract before, or since the
    case was opened.
    """
    if "status_on" not in file.target.c:
        return {}
    known, since = rows.c.suspect_status.is_not(None), _since(days)
    if "suspect_status" in days.sent:
        since = func.greatest(since, _opened_on(file, rows))
    kept: KeptDays = {
        "status_on": case((known, func.coalesce(rows.c.status_changed_on, since))),
        "status_seen_on": case((known, _seen(days, "suspect_status"))),
    }
    if file.of_cases:
        transferred = rows.c.finalised_reason == TRANSFERRED
        kept["transfer_seen_on"] = case((transferred, _seen(days, "finalised_reason")))
    return kept


def _opened_on(file: Staged, rows: FromClause) -> ColumnElement[Any]:
    if file.of_cases:
        return rows.c.opened_on
    return select(CASES.c.opened_on).where(CASES.c.id == rows.c.key_id).scalar_subquery()


def of_changed_rows(file: Staged, days: ExtractDays) -> KeptDays:
    """Return the days of cases or suspects that the source sends again with other facts."""
    if "status_on" not in file.target.c:
        return {}
    status = _status_days(file.target, wanted(file), days)
    return {**_of_changed_cases(wanted(file), days), **status} if file.of_cases else status


def _of_changed_cases(changed: Table, days: ExtractDays) -> KeptDays:
    stalking = Classification.STALKING.value
    declassified = case(
        (changed.c.classification == stalking, null()),
        (CASES.c.classification == stalking, literal(days.day)),
        else_=CASES.c.declassified_on,
    )
    other = CASES.c.finalised_reason.is_distinct_from(TRANSFERRED)
    transferred = case(
        (changed.c.finalised_reason.is_distinct_from(TRANSFERRED), null()),
        (other, literal(days.day)),
        else_=CASES.c.transfer_seen_on,
    )
    return {"declassified_on": declassified, "transfer_seen_on": transferred}


def _status_days(stored: Table, changed: Table, days: ExtractDays) -> KeptDays:
    """Return the status day and the day on which a change was seen.

    `status_changed_on` came with the status if it is another day than before, or the source recorded it since its
    extract before; else it is of an earlier status. One that came with it stays when its cell is emptied, as the day
    on which the change was seen too.
    """
    gone, said = changed.c.suspect_status.is_(None), changed.c.status_changed_on
    other = changed.c.suspect_status.is_distinct_from(stored.c.suspect_status)
    since = _since(days)
    its_own = or_(said.is_distinct_from(stored.c.status_changed_on), and_(other, said >= since))
    came_with = and_(said.is_not(None), its_own)
    no_more = and_(said.is_(None), stored.c.status_changed_on == stored.c.status_on)
    seen = case((other, _seen(days, "suspect_status")), (no_more, stored.c.status_on), else_=stored.c.status_seen_on)
    return {
        "status_on": case((gone, null()), (came_with, said), (other, since), else_=stored.c.status_on),
        "status_seen_on": case((gone, null()), else_=seen),
    }


def _since(days: ExtractDays) -> ColumnElement[Any]:
    """Return the day since which a status that the extract tells first has been so at the latest."""
    return cast(literal(days.since if "suspect_status" in days.sent else days.day), Date)


def _seen(days: ExtractDays, column: str) -> ColumnElement[Any]:
    return cast(literal(days.day) if column in days.sent else null(), Date)
