"""People's acts on a case, for `explain`: in whose name, by which door, and through which account, run or user."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection

from models.queries.people import acts
from models.rules.result import CASE


@dataclass(frozen=True, kw_only=True)
class ExplainedAct:
    """One act. Those of before acts were kept are not among them."""

    at: datetime
    by: str
    door: str
    through: str  # empty for a mail
    deed: str
    undoes: bool  # whether it took that back
    done_by: str  # in whose name that was done which it took back
    rule: str
    subject: str
    on: date  # promised until, done on, or the day of the sitting


def acts_on(connection: Connection, case_id: int) -> tuple[ExplainedAct, ...]:
    """Return the acts on a case, in the order in which they were done."""
    return tuple(
        ExplainedAct(
            at=row.made_at,
            by=row.by_ref,
            door=row.door,
            through=row.through,
            deed=row.deed,
            undoes=row.undoes,
            done_by=row.done_by,
            rule=row.rule,
            subject="" if row.subject == CASE else row.subject,
            on=row.on,
        )
        for row in acts.of_case(connection, case_id)
    )
