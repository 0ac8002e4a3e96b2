"""Holds that keep a case from being erased, for `explain` at the machine of operations, and for no message."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection

from config.days.london import london_day
from models.queries.retention import holds


@dataclass(frozen=True, kw_only=True)
class ExplainedHold:
    """A hold on the case, or on one of its URN: it keeps both."""

    case: str
    reason: str
    reference: str | None
    by: str
    since: date


def holds_on(connection: Connection, case_id: int) -> tuple[ExplainedHold, ...]:
    """Return the holds that keep a case."""
    return tuple(
        ExplainedHold(
            case=f"{hold.force_code}/{hold.case_ref}",
            reason=hold.reason,
            reference=hold.reference,
            by=hold.by_ref,
            since=london_day(hold.held_at),
        )
        for hold in holds.keeping(connection, case_id)
    )
