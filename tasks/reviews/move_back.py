"""Taking back of a person's move: the case sits where it sat before, or is free to be moved as any other."""

from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import Connection

from config.doors import ActKind
from config.sittings import ConveningEnd, ConveningReason
from config.terms import Verb
from models.errors import Refuse
from models.queries import audit
from models.queries.audit import AuditEntry
from models.queries.people import acts
from models.queries.people.acts import Done
from models.queries.reviews import convenings, move_case, sittings
from models.queries.reviews.move_case import LastMove, MovableCase
from models.rules.arithmetic import format_day
from models.rules.people.act import Act
from models.rules.references import CaseReference
from models.rules.refusal import Refusal
from models.rules.reviews.convening import deadline
from models.rules.reviews.convening_book import EndedPlace, GivenPlace, new_slot
from models.rules.reviews.move_back import decide
from models.rules.reviews.move_case import TargetSitting
from tasks.obligations.acting import ActInHand, check_may
from tasks.obligations.unknown_case import known_case, unknown_case
from tasks.platform.configuration import Configuration
from tasks.reviews.move_case import situation
from tasks.servers.database import transaction


class MoveBackResult(NamedTuple):
    """The move that was taken back, and where the case sits; `new` is false if it was taken back before."""

    case: str
    move: LastMove
    sitting: str
    day: date
    stays: str
    new: bool

    @property
    def sentence(self) -> str:
        """The result, for the person who asked."""
        gone = f"The move of {self.case} to {self.move.sitting} is taken back"
        if not self.new:
            return f"{gone} already. Nothing was changed."
        if self.sitting != self.move.sitting:
            return f"{gone}: it is at {self.sitting} again, on {format_day(self.day)}."
        why = f" {self.move.before} {self.stays}." if self.stays else ""
        return f"{gone}.{why} It stays there, on {format_day(self.day)}, and may be moved as any other case."


class _Place(NamedTuple):
    """The sitting that a case gets, and why it has it."""

    sitting_id: int
    ref: str
    day: date
    because: ConveningReason
    chosen_by: str | None
    due_on: date
    deadline_on: date


def undo_move(
    configuration: Configuration, named: CaseReference, act: Act, today: date, at: datetime
) -> MoveBackResult:
    """Take back the move of a case that a person made last. Repeating it changes nothing.

    Raises Refuse, before writing, with every reason against it.
    """
    with transaction() as connection:
        return move_back(ActInHand(configuration, connection, act, today, at), named)


def move_back(hand: ActInHand, named: CaseReference, only: int | None = None) -> MoveBackResult:
    """Do so in the caller's transaction; of the move that made the convening `only`, where that is still the last."""
    configuration, connection, act, today, _ = hand
    sittings.lock_ahead(connection, [named.force_code], today)
    known = known_case(configuration, connection, ActKind.MOVE, named, act, today)
    case = move_case.case(connection, *named)
    if case is None:  # a purge has just erased it
        raise unknown_case(connection, named)
    moved = move_case.last_move(connection, case.case_id)
    done_by = moved.by_ref if moved else None
    check_may(ActKind.MOVE, case.matter, act.by, known.people, today, done_by=done_by)
    last = _last(connection, named, moved, only)
    if last.taken_back:
        return MoveBackResult(str(named), last, last.sitting, last.day, "", new=False)
    before = move_case.target(connection, last.before, apart=case.apart) if last.before else None
    standing, book = situation(configuration, connection, named, case, today)
    decided = decide(standing, before[1] if before else None, book, case.matter, today)
    if isinstance(decided, Refusal):
        raise Refuse(decided.sentences())
    due_on = case.due_on or today
    days = due_on, deadline(due_on, book.sittings)
    place = _place(last, before if not decided.stays else None, *days)
    made = MoveBackResult(str(named), last, place.ref, place.day, decided.stays, new=True)
    _write(hand, case, made, place)
    return made


def _last(connection: Connection, named: CaseReference, last: LastMove | None, only: int | None) -> LastMove:
    if last is None:
        raise Refuse(f"Nobody has moved {named}, so that there is nothing to take back. Nothing was done.")
    if only is not None and last.convening_id != only:
        before = " after that was taken back" if acts.taken_back(connection, ActKind.MOVE, only) else ""
        raise Refuse(f"It was moved again since{before}. Nothing was done.")
    if not last.live and not last.taken_back:
        raise Refuse(f"{named} does not sit at {last.sitting} any more: that move is over. Nothing was done.")
    return last


def _place(last: LastMove, before: tuple[int, TargetSitting] | None, due_on: date, deadline_on: date) -> _Place:
    """Return the place that the case had before, or the one that it has, chosen by nobody."""
    if before is None:
        kept = last.because is not ConveningReason.CHOSEN
        because: ConveningReason = last.because if kept else ConveningReason.DUE
        return _Place(last.sitting_id, last.sitting, last.day, because, None, due_on, deadline_on)
    sitting_id, there = before
    because = last.before_because or ConveningReason.DUE
    return _Place(sitting_id, there.ref, there.day, because, last.before_chosen_by, due_on, deadline_on)


def _write(hand: ActInHand, case: MovableCase, made: MoveBackResult, place: _Place) -> None:
    connection, act, today, last, case_id = hand.connection, hand.act, hand.today, made.move, case.case_id
    convenings.end(connection, [EndedPlace(case_id, ConveningEnd.MOVED)], today, act.by)
    taken = convenings.slots(connection, {place.sitting_id})[place.sitting_id]
    stays = place.sitting_id == last.sitting_id and not case.apart
    slot = last.slot if stays else new_slot(taken, apart=case.apart)
    begun = GivenPlace(case_id, place.sitting_id, slot, place.due_on, place.deadline_on, place.because, place.chosen_by)
    convenings.begin(connection, [begun], today)
    convenings.look_again(connection, [case_id], today)
    hand.keep(Done(ActKind.MOVE, last.convening_id, case_id, undoes=True), of=last.by_ref)
    audit.record(connection, AuditEntry(
        verb=Verb.ALTERATION, by=act.by, about="convening", ref=made.case, reason="move undone",
        detail={"from": last.sitting, "sitting": place.ref, "moved_by": last.by_ref, **act.trail},
    ))  # fmt: skip
