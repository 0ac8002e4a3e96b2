"""Confirmation of the grade of a case's risk: by command, form or click, or in the caller's transaction."""

from datetime import date, datetime
from typing import NamedTuple

from config.doors import ActKind
from config.terms import OwedBy, Verb
from models.errors import Refuse
from models.queries import audit
from models.queries.audit import AuditEntry
from models.queries.obligations import confirmations, reopened, worklist
from models.queries.obligations.reopened import GoneFact
from models.queries.people.acts import Done
from models.rules.arithmetic import format_day
from models.rules.obligations.confirmation import decide
from models.rules.people.act import Act
from models.rules.references import CaseReference
from models.rules.refusal import Refusal
from tasks.obligations.acting import ActInHand, check_may
from tasks.obligations.unknown_case import known_case
from tasks.platform.configuration import Configuration
from tasks.servers.database import transaction


class ConfirmationResult(NamedTuple):
    """The recorded confirmation; `new` is false if the grade was confirmed on that day already."""

    force_code: str
    case_ref: str
    risk: str
    on: date
    new: bool

    @property
    def sentence(self) -> str:
        """The result, for the person who confirmed it."""
        about = f"The grade of {self.force_code}/{self.case_ref}, {self.risk}, is recorded as confirmed"
        if not self.new:
            return f"{about} on {format_day(self.on)} already. Nothing was changed."
        return f"{about} on {format_day(self.on)}. Nothing more is said of its danger until something new happens."


class UndoneConfirmation(NamedTuple):
    """The confirmation that was taken back; `new` is false if it was taken back before."""

    force_code: str
    case_ref: str
    on: date
    new: bool

    @property
    def sentence(self) -> str:
        """The result, for the person who asked."""
        word = f"The confirmation of {format_day(self.on)} of the grade of {self.force_code}/{self.case_ref}"
        return f"{word} is taken back{'' if self.new else ' already. Nothing was changed'}."


def confirm_risk(
    configuration: Configuration, case: CaseReference, act: Act, today: date, at: datetime
) -> ConfirmationResult:
    """Record that the grade of a case's risk was confirmed today, and mark the case as changed. Again changes nothing.

    Raises Refuse with every reason against it. What is owed stays live until the case is projected.
    """
    with transaction() as connection:
        return confirm(ActInHand(configuration, connection, act, today, at), case)


def undo(configuration: Configuration, case: CaseReference, act: Act, today: date, at: datetime) -> UndoneConfirmation:
    """Take back the latest confirmation of a case's grade, and mark the case as changed. Again changes nothing.

    Raises Refuse with every reason against it. What it ended comes back when the case is projected.
    """
    with transaction() as connection:
        return take_back(ActInHand(configuration, connection, act, today, at), case)


def confirm(hand: ActInHand, case: CaseReference) -> ConfirmationResult:
    """Record a confirmation as `confirm_risk` does, in the caller's transaction."""
    configuration, connection, act, today, at = hand
    known = known_case(configuration, connection, ActKind.CONFIRMATION, case, act, today)
    graded = confirmations.graded(connection, known.id)
    new = decide(act.by, graded, known.matter._replace(owed_by=OwedBy.POLICE), known.people, today)
    if isinstance(new, Refusal):
        raise Refuse(new.sentences())
    if new:
        made = confirmations.write(connection, known.id, act.by, today, at)
        worklist.mark_changed(connection, [known.id])
        hand.keep(Done(ActKind.CONFIRMATION, made, known.id))
        audit.record(connection, _entry(case, made, act, "confirm-risk"))
    return ConfirmationResult(
        case.force_code, case.case_ref, graded.risk.value, today if new else graded.ratified_on or today, new
    )


def take_back(hand: ActInHand, case: CaseReference) -> UndoneConfirmation:
    """Take back a confirmation as `undo` does, in the caller's transaction."""
    configuration, connection, act, today, _ = hand
    known = known_case(configuration, connection, ActKind.CONFIRMATION, case, act, today)
    confirmations.graded(connection, known.id)  # locked
    last = confirmations.latest(connection, known.id)
    police = known.matter._replace(owed_by=OwedBy.POLICE)
    check_may(
        ActKind.CONFIRMATION, police, act.by, known.people, today, done_by=last.by_ref if last is not None else None
    )
    if last is None:
        raise Refuse(f"Nobody has confirmed the grade of {case} here. Nothing was done.")
    if last.stands:
        confirmations.take_back(connection, last.id)
        reopened.reopen(connection, GoneFact(known.id, last.confirmed_on, last.confirmed_on), today)
        worklist.mark_changed(connection, [known.id])
        hand.keep(Done(ActKind.CONFIRMATION, last.id, known.id, undoes=True), of=last.by_ref)
        audit.record(connection, _entry(case, last.id, act, "confirm-risk undone"))
    return UndoneConfirmation(case.force_code, case.case_ref, last.confirmed_on, last.stands)


def _entry(case: CaseReference, confirmation_id: int, act: Act, reason: str) -> AuditEntry:
    return AuditEntry(
        verb=Verb.ALTERATION, by=act.by, about="risk", ref=f"{case}:{confirmation_id}", reason=reason,
        detail=dict(act.trail),
    )  # fmt: skip
