"""Moving a case to another sitting of its pair at a person's request, in one transaction."""

from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import Connection

from config.doors import ActKind
from config.sittings import ConveningEnd, ConveningReason
from config.terms import Verb
from models.errors import Refuse
from models.queries import audit
from models.queries.audit import AuditEntry
from models.queries.people.acts import Done
from models.queries.reviews import convening_book, convenings, move_case, sittings
from models.queries.reviews.move_case import MovableCase
from models.rules.arithmetic import format_day
from models.rules.people.act import Act
from models.rules.people.directory import Directory
from models.rules.references import CaseReference
from models.rules.refusal import Refusal
from models.rules.reviews.convening_book import (
    EndedPlace,
    GivenPlace,
    SittingAhead,
    apart_sittings,
    movable,
    new_slot,
    panel_sittings,
)
from models.rules.reviews.move_case import MoveGrant, MoveRequest, MoveState, PairBook, TargetSitting, decide
from tasks.obligations.acting import ActInHand, check_may
from tasks.obligations.unknown_case import known_case, unknown_case
from tasks.platform.configuration import Configuration
from tasks.reviews.horizons import pairs_of
from tasks.servers.database import transaction

SHOWN = 5  # sittings with room that a refusal names


class MoveResult(NamedTuple):
    """The case's sitting after the request; `new` is false if a person had chosen that sitting before."""

    case: str
    sitting: str
    day: date
    deadline_on: date
    new: bool

    @property
    def sentence(self) -> str:
        """The result, for the person who asked."""
        if not self.new:
            return f"{self.case} sits at {self.sitting} by a person's word already. Nothing was changed."
        back = "further back" if self.day > self.deadline_on else "before that"
        by = format_day(self.deadline_on)
        late = f" That will be late: it should sit by {by}." if self.day > self.deadline_on else ""
        return (
            f"{self.case} sits at {self.sitting}, on {format_day(self.day)}.{late} It stays there unless its due day "
            f"moves {back}, or a case of high risk, or critically overdue, would otherwise be late."
        )


def convene(
    configuration: Configuration, named: CaseReference, wish: MoveRequest, act: Act, today: date, at: datetime
) -> MoveResult:
    """Move a case to the named sitting. Repeating the same request changes nothing.

    Raises Refuse with every reason against the move. The next convening gives the displaced case another place.
    """
    with transaction() as connection:
        sittings.lock_ahead(connection, [named.force_code], today)
        known = known_case(configuration, connection, ActKind.MOVE, named, act, today)
        check_may(ActKind.MOVE, known.matter, act.by, known.people, today)
        case = move_case.case(connection, *named)
        if case is None:  # a purge has just erased it
            raise unknown_case(connection, named)
        sitting_id, target = _target(connection, named, case, wish, today)
        decided = _decide(configuration, connection, named, case, target, wish, known.people, today)
        if decided.new:
            hand = ActInHand(configuration, connection, act, today, at)
            begun = GivenPlace(
                case.case_id, sitting_id, -1, case.due_on or today, decided.deadline_on, ConveningReason.CHOSEN, wish.by
            )  # fmt: skip
            _write(hand, named, case, begun, target)
            hand.keep(Done(ActKind.MOVE, move_case.live_convening(connection, case.case_id), case.case_id))
    return MoveResult(str(named), target.ref, target.day, decided.deadline_on, decided.new)


def _target(
    connection: Connection, named: CaseReference, case: MovableCase, wish: MoveRequest, today: date
) -> tuple[int, TargetSitting]:
    found = move_case.target(connection, wish.sitting, apart=case.apart)
    if found is None:
        raise Refuse(f"There is no sitting {wish.sitting}. {_room(connection, named, case, today)} Nothing was done.")
    return found


def _room(connection: Connection, named: CaseReference, case: MovableCase, today: date) -> str:
    refs = [sitting.ref for sitting in _ahead(connection, named, case, today) if sitting.has_room][:SHOWN]
    pair = f"{named.force_code}/{case.cps_area}"
    return f"Those of {pair} with room are {', '.join(refs)}." if refs else f"No sitting of {pair} has room."


def _ahead(connection: Connection, named: CaseReference, case: MovableCase, today: date) -> list[SittingAhead]:
    """Return the sittings ahead of the case's pair."""
    ahead = sittings.ahead(connection, [named.force_code], today)
    return [sitting for sitting in ahead if sitting.cps_area == case.cps_area]


def _decide(
    configuration: Configuration,
    connection: Connection,
    named: CaseReference,
    case: MovableCase,
    target: TargetSitting,
    wish: MoveRequest,
    people: Directory,
    today: date,
) -> MoveGrant:
    standing, book = situation(configuration, connection, named, case, today)
    decided = decide(wish, standing, target, book, case.matter, people, today)
    if isinstance(decided, Refusal):
        raise Refuse(decided.sentences(_room(connection, named, case, today)))
    return decided


def situation(
    configuration: Configuration, connection: Connection, named: CaseReference, case: MovableCase, today: date
) -> tuple[MoveState, PairBook]:
    """Return how a case sits, and all due cases of its pair that take a place of the same kind, with the sittings."""
    pair = next(
        (each for each in pairs_of(configuration, [named.force_code], today) if each.cps_area == case.cps_area), None
    )
    standing = MoveState(
        f"{named.force_code}/{case.cps_area}", case.due_on, pair.until_on if pair else None, case.sits_on, case.sits_at,
        case.chosen,
    )  # fmt: skip
    reviews = convening_book.all_due(connection, pair, today) if pair else []
    reviews = [review for review in reviews if (review.case_id == case.case_id if case.apart else not review.barred)]
    ahead = _ahead(connection, named, case, today)
    still = movable(ahead, today, configuration.policy.convening.settled, configuration.calendar)
    places = (
        apart_sittings(ahead, reviews[0], still) if case.apart and reviews else panel_sittings(ahead, reviews, still)
    )
    return standing, PairBook(named.case_ref, [review.due for review in reviews], places)


def _write(hand: ActInHand, named: CaseReference, case: MovableCase, begun: GivenPlace, target: TargetSitting) -> None:
    connection, act, today = hand.connection, hand.act, hand.today
    if case.convening_id is not None and case.sits_at == target.ref:
        move_case.record_choice(connection, case.convening_id, act.by)
        audit.record(connection, AuditEntry(
            verb=Verb.ALTERATION, by=act.by, about="convening", ref=str(named), reason="chosen",
            detail={"sitting": target.ref, **act.trail},
        ))  # fmt: skip
        return
    if case.convening_id is not None:
        convenings.end(connection, [EndedPlace(case.case_id, ConveningEnd.MOVED)], today, act.by)
    taken = convenings.slots(connection, {begun.sitting_id})[begun.sitting_id]
    slot = new_slot(taken, apart=case.apart)
    convenings.begin(connection, [begun._replace(slot=slot)], today, act)
    convenings.look_again(connection, [case.case_id], today)
