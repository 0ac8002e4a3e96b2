"""Legal holds: a case that must be kept, by whom and why, until it is released."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import Connection

from config.doors import ActKind
from config.retention import HoldReason
from config.terms import Verb
from models.errors import Refuse
from models.queries import audit
from models.queries.audit import AuditEntry
from models.queries.people.acts import Done
from models.queries.retention import holds
from models.queries.retention.holds import StandingHold
from models.rules.people.act import Act
from models.rules.references import CaseReference
from tasks.obligations.acting import check_may, keep
from tasks.obligations.unknown_case import known_case, unknown_case
from tasks.platform.configuration import Configuration
from tasks.platform.consultation import record_consultation
from tasks.platform.text import number_of
from tasks.servers.database import transaction


class HoldWish(NamedTuple):
    """Why a case is to be held, and the reference of the file that it is for. A release may leave open both."""

    reason: HoldReason | None
    reference: str | None = None


class HoldResult(NamedTuple):
    """The case, how many holds were placed or released, and the sentence for the person who asked."""

    case: str
    changed: int
    sentence: str


def hold(
    configuration: Configuration, named: CaseReference, wish: HoldWish, act: Act, today: date, at: datetime
) -> HoldResult:
    """Hold a case, so that no purge erases it or a case that is linked to it. The same hold again changes nothing.

    Raises Refuse for a case that is not in the book, for a person who may not hold one, and without a reason.
    """
    if wish.reason is None:
        raise Refuse("Give --reason: why it must be kept. Nothing was done.")
    with transaction() as connection:
        case_id = _case_of(configuration, connection, named, act, today)
        placed = holds.place(connection, case_id, wish.reason, wish.reference, act, at)
        if placed is None:
            return HoldResult(str(named), 0, f"{named} is held for this already. Nothing was changed.")
        keep(configuration, connection, act, Done(ActKind.HOLD, placed, case_id), today, at)
        _record(connection, named, act, "held", {"for": wish.reason.value, "reference": wish.reference})
    return HoldResult(str(named), 1, f"{named} is held, and with it the cases of its URN: no purge erases them.")


def release(
    configuration: Configuration, named: CaseReference, wish: HoldWish, act: Act, today: date, at: datetime
) -> HoldResult:
    """Release a case's holds: all, those for one reason, or those for one file.

    Raises Refuse as `hold` does, where there is none, and where one reason is that of several files.
    """
    with transaction() as connection:
        case_id = _case_of(configuration, connection, named, act, today)
        own = [
            standing_hold
            for standing_hold in holds.keeping(connection, case_id)
            if (standing_hold.force_code, standing_hold.case_ref) == named
        ]
        _check_one_file(named, wish, own)
        released = holds.release(connection, case_id, wish.reason, act.by, at, wish.reference)
        if not released:
            raise Refuse(f"No such hold is on {named}: casebeat hold lists those that stand. Nothing was done.")
        reason = wish.reason.value if wish.reason else "all"
        detail = {"for": reason, "reference": wish.reference, "holds": len(released)}
        for gone in released:
            done = Done(ActKind.HOLD, gone.id, case_id, undoes=True)
            keep(configuration, connection, act, done, today, at, of=gone.by_ref)
        _record(connection, named, act, "released", detail)
        left = holds.keeping(connection, case_id)
    return HoldResult(str(named), len(released), _released(named, left))


def _check_one_file(named: CaseReference, wish: HoldWish, stand: Sequence[StandingHold]) -> None:
    """Refuse to release several files' holds by their reason: each is for somebody else."""
    files = [
        standing_hold.reference or "one without a reference"
        for standing_hold in stand
        if standing_hold.reason == wish.reason
    ]
    if wish.reason and wish.reference is None and len(files) > 1:
        raise Refuse(
            f"{named} is held for {wish.reason} by {len(files)} files ({', '.join(files)}): name one with --reference, "
            "or release all of its holds without --reason. Nothing was done."
        )


def _released(named: CaseReference, left: Sequence[StandingHold]) -> str:
    if not left:
        return f"{named} is held no more, and may be erased once its time has come."
    still = ", ".join(f"{one.reason} on {one.force_code}/{one.case_ref}" for one in left)
    return f"That hold on {named} is released. It is still kept by {number_of(len(left), 'hold')}: {still}."


def standing() -> list[StandingHold]:
    """Return the holds that stand, and audit the request."""
    with transaction() as connection:
        record_consultation(connection, "list", "all", "hold")
        return holds.standing(connection)


def _case_of(configuration: Configuration, connection: Connection, named: CaseReference, act: Act, today: date) -> int:
    case = known_case(configuration, connection, ActKind.HOLD, named, act, today)
    check_may(ActKind.HOLD, case.matter, act.by, case.people, today)
    if not holds.lock(connection, case.id):  # a purge has just erased it
        raise unknown_case(connection, named)
    return case.id


def _record(connection: Connection, named: CaseReference, act: Act, reason: str, detail: Mapping[str, object]) -> None:
    entry = AuditEntry(Verb.ALTERATION, "case", str(named), reason, by=act.by, detail={**detail, **act.trail})
    audit.record(connection, entry)
