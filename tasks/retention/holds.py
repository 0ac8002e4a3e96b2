"""Legal holds: a case that must be kept, by whom and why, until it is released."""

from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import Connection

from config.retention import HoldReason
from config.terms import Role, Verb
from models.errors import Refuse
from models.queries import audit
from models.queries.audit import AuditEntry
from models.queries.retention import holds
from models.queries.retention.holds import StandingHold
from models.rules.people.act import Act
from models.rules.references import CaseReference
from tasks.obligations.unknown_case import known_case, unknown_case
from tasks.platform.consultation import record_consultation
from tasks.platform.database import transaction
from tasks.platform.directory import directory_on

MAY = frozenset({Role.SPOC, Role.LEAD, Role.LEGAL_MANAGER})


class HoldWish(NamedTuple):
    """Why a case is to be held, and the reference of the file that it is for."""

    reason: HoldReason
    reference: str | None = None


class HoldResult(NamedTuple):
    """The case, how many holds were placed or released, and the sentence for the person who asked."""

    case: str
    changed: int
    sentence: str


def hold(named: CaseReference, wish: HoldWish, act: Act, today: date, at: datetime) -> HoldResult:
    """Hold a case, so that no purge erases it or a case that is linked to it. The same hold again changes nothing.

    Raises Refuse for a case that is not in the book, and for a person who may not hold one.
    """
    with transaction() as connection:
        case_id = _case_of(connection, named, act, today)
        if not holds.place(connection, case_id, wish.reason, wish.reference, act, at):
            return HoldResult(str(named), 0, f"{named} is held for this already. Nothing was changed.")
        _record(connection, named, act, "held", {"for": wish.reason.value, "reference": wish.reference})
    return HoldResult(str(named), 1, f"{named} is held, and with it the cases of its URN: no purge erases them.")


def release(named: CaseReference, reason: HoldReason | None, act: Act, today: date, at: datetime) -> HoldResult:
    """Release a case's holds, all or those for one reason. Raises Refuse as `hold` does, and where it has none."""
    with transaction() as connection:
        case_id = _case_of(connection, named, act, today)
        released = holds.release(connection, case_id, reason, act.by, at)
        if not released:
            raise Refuse(f"No such hold is on {named}: casebeat hold lists those that stand. Nothing was done.")
        _record(connection, named, act, "released", {"for": reason.value if reason else "all", "holds": released})
    return HoldResult(str(named), released, f"{named} is held no more, and may be erased once its time has come.")


def standing() -> list[StandingHold]:
    """Return the holds that stand, and audit the request."""
    with transaction() as connection:
        record_consultation(connection, "list", "all", "hold")
        return holds.standing(connection)


def _case_of(connection: Connection, named: CaseReference, act: Act, today: date) -> int:
    person = directory_on(connection, today).people.get(act.by)
    if person is None or not MAY & person.roles:
        raise Refuse(f"{act.by} may hold no case: name a SPOC, a lead or a legal manager. Nothing was done.")
    case_id = known_case(connection, named, act.by)
    if not holds.lock(connection, case_id):  # a purge has just erased it
        raise unknown_case(connection, named)
    return case_id


def _record(connection: Connection, named: CaseReference, act: Act, reason: str, detail: dict[str, object]) -> None:
    entry = AuditEntry(Verb.ALTERATION, "case", str(named), reason, by=act.by, detail={**detail, **act.trail})
    audit.record(connection, entry)
