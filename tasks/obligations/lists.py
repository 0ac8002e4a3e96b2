"""Lists of obligations, stalled cases and notifications. Each request is audited as a consultation."""

from datetime import date

from sqlalchemy import Connection

from config.terms import Risk
from models.errors import Refuse
from models.queries.obligations import listing as queries
from models.queries.obligations.listing import NotificationRow, ObligationRow, StallRow
from models.rules.obligations import first_day
from models.rules.obligations.first_day import ForceMatter
from models.rules.references import CaseReference
from tasks.obligations.unknown_case import similar
from tasks.platform.configuration import Configuration
from tasks.platform.consultation import record_consultation
from tasks.servers.database import transaction
from tasks.servers.round_lock import refuse_unknown


def obligations(force_code: str | None, case: str | None) -> list[ObligationRow]:
    """List the live obligations of one force, one case or all."""
    with transaction() as connection:
        consulted(connection, "obligations", force_code)
        found = queries.live(connection, force_code, case)
        if case is not None and not found and not queries.is_known(connection, force_code, case):
            where = f" of force {force_code}" if force_code else ""
            code, _, ref = f"{force_code}/{case}".partition("/") if force_code else case.partition("/")
            meant = similar(connection, CaseReference(code, ref))
            raise Refuse(f"There is no case {case}{where} in the book.{meant} Nothing was done.")
        return found


def stalled(today: date, force_code: str | None) -> list[StallRow]:
    """List the cases that are stalled on a day."""
    with transaction() as connection:
        consulted(connection, "stalled", force_code)
        return queries.stalled(connection, today, force_code)


def inherited(configuration: Configuration, row: StallRow) -> bool:
    """Return whether nothing stalls the case but what was due before its force's first day."""
    policy, risk = configuration.policy, Risk(row.risk) if row.risk in set(Risk) else Risk.UNKNOWN
    matters = (
        ForceMatter(rule, date.fromisoformat(due_on), risk, row.force_code) for rule, _, _, due_on, _ in row.reasons
    )
    return all(first_day.inherited(policy, matter) for matter in matters)


def notifications(day: date | None, force_code: str | None) -> list[NotificationRow]:
    """List the notifications decided on a day (None: on any day)."""
    with transaction() as connection:
        consulted(connection, "notifications", force_code)
        return queries.notifications(connection, day, force_code)


def request(list_name: str, force_code: str | None) -> None:
    """Audit who asked for a list that is made elsewhere. Raises Refuse for an unknown force."""
    with transaction() as connection:
        consulted(connection, list_name, force_code)


def consulted(connection: Connection, list_name: str, force_code: str | None) -> None:
    """Audit who asked for which list. Raises Refuse for an unknown force."""
    if force_code is not None:
        refuse_unknown(connection, force_code)
    record_consultation(connection, "list", force_code or "all forces", list_name)
