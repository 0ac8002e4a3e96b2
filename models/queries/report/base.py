"""Reads of how many cases a month's figures are about, by risk."""

from collections.abc import Collection

from sqlalchemy import Connection

from models.queries.people.jurisdictions import IN_SCOPE
from models.queries.report.places import EVERY_PLACE, PLACE, SENT, Counts, Period, counted, counted_by

_WHERES = {
    "open": "c.opened_on <= %(to)s and (c.finalised_on is null or c.finalised_on > %(to)s)",
    "new": "c.opened_on between %(from)s and %(to)s",
    "closed": "c.finalised_on between %(from)s and %(to)s",
}
_CASES = f"cases c where {IN_SCOPE} and {SENT}"


def totals(connection: Connection, period: Period, harassment_in: Collection[str]) -> Counts:
    """Count the cases in scope that were open at the end of the last day, new and closed."""
    statement = f"select {PLACE}, {_columns('cases_')} from {_CASES} group by {EVERY_PLACE}"
    return counted(connection, statement, period, harassment_in=list(harassment_in))


def by_risk(connection: Connection, period: Period, harassment_in: Collection[str]) -> Counts:
    """Count the same by risk."""
    statement = f"select {PLACE}, c.risk as risk, {_columns('')} from {_CASES} group by c.risk, {EVERY_PLACE}"
    return counted_by(connection, "risk", statement, period, harassment_in=list(harassment_in))


def _columns(prefix: str) -> str:
    return ", ".join(f'count(*) filter (where {where})::int as "{prefix}{name}"' for name, where in _WHERES.items())
