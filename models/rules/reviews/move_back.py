"""Taking back of a person's move: whether it can be, and whether the case can sit where it sat before."""

from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from models.rules.people.parties import Parties
from models.rules.refusal import Refusal
from models.rules.reviews.move_case import MoveState, PairBook, TargetSitting, not_this_case, pushed


class MoveBackGrant(NamedTuple):
    """The move is taken back. Where the case cannot sit where it sat before, `stays` tells why, after its reference."""

    stays: str


def decide(
    case: MoveState, before: TargetSitting | None, book: PairBook, matter: Parties, today: date
) -> MoveBackGrant | Refusal:
    """Check whether a move can be taken back.

    Where the case cannot go back, it stays where it is, and may be moved by Casebeat as any other.
    """
    if faults := tuple(not_this_case(case, today)):
        return Refusal(faults)
    return MoveBackGrant(next(_not_there(case, before, book, matter, today), "") if before else "")


def _not_there(case: MoveState, before: TargetSitting, book: PairBook, matter: Parties, today: date) -> Iterator[str]:
    """Yield why a case cannot sit again where it sat before, first what cannot change."""
    if before.day <= today:
        yield "is over" if before.day < today else "is today"
    elif before.cancelled_on is not None:
        yield "was cancelled"
    elif before.pair != case.pair:
        yield "is another pair's"
    elif before.chair_ref in matter.barred:
        yield "has a chair who must hear nothing of the case"
    elif before.taken >= before.places:
        yield "is full"
    elif pushed(before, book) is not None:
        yield "has no place for it without making a more urgent case late"
