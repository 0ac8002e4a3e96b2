"""Moving a case to another sitting: who may, and where to, without making an urgent case late."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import NamedTuple

from config.doors import ActKind
from models.rules.access import refusal
from models.rules.arithmetic import format_day
from models.rules.people.directory import Directory
from models.rules.people.parties import Parties
from models.rules.refusal import Refusal
from models.rules.reviews.convening import DueCase, HeldPlace, PanelSitting, Placement, Worth, convene, deadline, worth


class MoveRequest(NamedTuple):
    """A person's request to move a case."""

    by: str
    sitting: str


class TargetSitting(NamedTuple):
    """The requested sitting, with the number of places taken."""

    ref: str
    pair: str  # in display form: 45/South East
    day: date
    chair_ref: str
    places: int
    taken: int
    cancelled_on: date | None


class MoveState(NamedTuple):
    """The case: its pair, its joint review's due day, its pair's planning horizon, and its current sitting.

    `due_on` is None if it owes no joint review; `until_on` is None if its pair has no panel.
    """

    pair: str
    due_on: date | None
    until_on: date | None
    sits_on: date | None
    sits_at: str | None
    chosen: bool


class PairBook(NamedTuple):
    """All due cases of the pair, and its sittings with all their places, on which the move is tried."""

    case_ref: str
    due: Sequence[DueCase]
    sittings: Sequence[PanelSitting]


class MoveGrant(NamedTuple):
    """The move is allowed. `new` is false if a person has already put the case there."""

    deadline_on: date
    new: bool


def decide(
    request: MoveRequest,
    case: MoveState,
    target: TargetSitting,
    book: PairBook,
    matter: Parties,
    people: Directory,
    today: date,
) -> MoveGrant | Refusal:
    """Check a person's request to move a case to a sitting.

    It may come from the case's officer, supervisor and prosecutor, the legal managers, SPOCs and leads of either
    agency, and anyone standing in for one of them. The sitting must be in the future, belong to the case's own pair
    and have room. No other case of the first class may become late.
    """
    if refused := refusal(ActKind.MOVE, matter, request.by, people, today):
        return refused
    if faults := tuple(not_this_case(case, today)) or tuple(_not_that_sitting(case, target, matter, today)):
        return Refusal(faults)
    by = deadline(case.due_on or target.day, book.sittings)
    if case.sits_at == target.ref and case.chosen:
        return MoveGrant(by, new=False)
    late = pushed(target, book)
    if late is None:
        return MoveGrant(by, new=True)
    return Refusal((late,))


def not_this_case(case: MoveState, today: date) -> Iterator[str]:
    """Yield why a case cannot be moved at all."""
    if case.sits_on is not None and case.sits_on <= today:
        yield (
            f"It sat at {case.sits_at}, and its outcome is awaited. Record it with casebeat record-review; if it "
            "was not held, the case is convened again."
        )
    elif case.due_on is None:
        yield "It owes no joint review now: casebeat explain says why."
    elif case.until_on is None:
        yield f"{case.pair} has no panel, so it has no sittings. Its SPOCs convene by hand until panels.yaml has one."
    elif case.due_on > case.until_on:
        yield (
            f"Its joint review is due on {format_day(case.due_on)}, and its panel plans to "
            f"{format_day(case.until_on)}. It is convened nearer the time."
        )


def _not_that_sitting(case: MoveState, target: TargetSitting, matter: Parties, today: date) -> Iterator[str]:
    if target.cancelled_on is not None:
        yield f"{target.ref} was cancelled on {format_day(target.cancelled_on)}. Name a future one."
    elif target.pair != case.pair:
        yield f"{target.ref} is a sitting of {target.pair}, and the case is {case.pair}'s. Name one of its own."
    elif target.day <= today:
        when = "is today" if target.day == today else f"was on {format_day(target.day)}"
        yield f"{target.ref} {when}, and no case can be convened to it now. Name a future one."
    elif target.chair_ref in matter.barred:
        yield f"The chair of {target.ref} must hear nothing of the case. Name a sitting that somebody else chairs."
    elif target.taken >= target.places and case.sits_at != target.ref:
        yield f"{target.ref} is full: {target.taken} of {target.places} places are taken. Name one that has room."


def pushed(target: TargetSitting, book: PairBook) -> str | None:
    """Return why the move is refused: a case of the first class would be late, or would take the place at once.

    It names no case: who moves one may not know of another.
    """
    moved = [
        case._replace(held=HeldPlace(target.ref, case.due_on, deadline(case.due_on, book.sittings), chosen=True))
        if case.case_ref == book.case_ref
        else case
        for case in book.due
    ]
    before, after = convene(book.due, book.sittings), convene(moved, book.sittings)
    urgent = {case.case_ref for case in book.due if worth(case) is Worth.FIRST} - {book.case_ref}
    late = urgent & _late(after) - _late(before)
    if not late and all(place.sitting == target.ref for place in after if place.case_ref == book.case_ref):
        return None
    return (
        f"With it at {target.ref}, a case of high or unknown risk, or critically overdue, would be late. "
        "Name another sitting."
    )


def _late(places: Sequence[Placement]) -> set[str]:
    return {place.case_ref for place in places if place.late}
