"""The days of a case that no source sends: intake works them out from what an extract changes."""

from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Date, FromClause, Table, and_, case, cast, func, literal, null, or_

from config.terms import Classification, FinalisedReason
from models.cases import Case

CASES = Case.__table__
TRANSFERRED = FinalisedReason.TRANSFERRED.value
KeptDays = dict[str, ColumnElement[Any]]


class ExtractDays(NamedTuple):
    """The London days of an extract and of the one before it.

    `before` is None where the source's cases have had no status before: what an extract tells first is no change.
    """

    day: date
    before: date | None


def of_new_cases(rows: FromClause, days: ExtractDays) -> KeptDays:
    """Return the days of cases that the source sends for the first time.

    A status that comes with its case later than the source's first ones changed since the extract before.
    """
    known = rows.c.suspect_status.is_not(None)
    since = _since(days) if days.before is None else func.greatest(_since(days), rows.c.opened_on)
    return {
        "status_on": case((known, func.coalesce(rows.c.status_changed_on, since))),
        "status_seen_on": case((known, _seen(days))),
        "transfer_seen_on": case((rows.c.finalised_reason == TRANSFERRED, _seen(days))),
    }


def of_changed_cases(changed: Table, days: ExtractDays) -> KeptDays:
    """Return the days of cases that the source sends again with other facts."""
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
    return {"declassified_on": declassified, "transfer_seen_on": transferred, **_status_days(changed, days)}


def _status_days(changed: Table, days: ExtractDays) -> KeptDays:
    """Return the status day and the day on which a change was seen.

    `status_changed_on` came with the status if it is another day than before, or the source recorded it since its
    extract before; else it is of an earlier status.
    """
    gone, said = changed.c.suspect_status.is_(None), changed.c.status_changed_on
    other = changed.c.suspect_status.is_distinct_from(CASES.c.suspect_status)
    since = _since(days)
    its_own = or_(said.is_distinct_from(CASES.c.status_changed_on), and_(other, said >= since))
    came_with = and_(said.is_not(None), its_own)
    return {
        "status_on": case((gone, null()), (came_with, said), (other, since), else_=CASES.c.status_on),
        "status_seen_on": case((gone, null()), (other, _seen(days)), else_=CASES.c.status_seen_on),
    }


def _since(days: ExtractDays) -> ColumnElement[Any]:
    """Return the day since which a status that the extract tells first has been so at the latest."""
    return cast(literal(min(days.day, days.before or days.day)), Date)  # an older extract that is let in is after none


def _seen(days: ExtractDays) -> ColumnElement[Any]:
    return cast(null() if days.before is None else literal(days.day), Date)
