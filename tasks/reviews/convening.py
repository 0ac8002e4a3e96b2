"""Convening: give each case whose joint review falls due within its pair's horizon one of the pair's sittings."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from sqlalchemy import Connection

from config.sittings import ConveningEnd, ConveningReason
from models.queries.reviews import barred_chairs, convening_ends, convening_history, convenings, sittings
from models.queries.reviews.convenings import DueReview, KeptConvening, NewConvening, PairHorizon
from models.queries.reviews.sittings import OpenSitting
from models.rules.reviews import convening_reason
from models.rules.reviews.convening import Placement, Worth, by_worth, convene, worth
from models.rules.reviews.sitting_days import back
from tasks.platform import configuration
from tasks.platform.gc_pause import gc_paused
from tasks.reviews import minutes
from tasks.reviews.barred_chairs import sits_anywhere, sittings_apart, taken_anew, tell_operations
from tasks.reviews.free_places import free_slots, pairs_of, sittings_with_places
from tasks.servers.database import transaction


class ConveningCounts(NamedTuple):
    """Counts of one force's convening: cases that got a place, cases that lost theirs, and late cases."""

    force_code: str
    begun: int
    ended: int
    late: int  # cases decided now that have no place, or one after their deadline

    @property
    def changed(self) -> bool:
        """Whether any case must be projected again."""
        return self.begun + self.ended > 0

    @property
    def sentence(self) -> str:
        """The counts as a line of text."""
        return f"force {self.force_code}: places given {self.begun}, taken back {self.ended}; late cases {self.late}"


class _Decided(NamedTuple):
    """The changes to write."""

    begun: list[tuple[DueReview, OpenSitting, date, bool]]  # case, sitting, deadline, whether the panel caused the move
    moved: list[DueReview]
    kept: list[KeptConvening]
    chairless: list[DueReview]  # no chair of their pair may hear of them


class _Given(NamedTuple):
    """The ids of the cases that got a place, and of those that lost theirs; how many are late."""

    begun: list[int]
    ended: list[int]
    late: int


def convene_force(force_code: str, today: date) -> ConveningCounts:
    """Give a force's due reviews their sittings and write the difference in one transaction.

    The cases of a sitting that is settled get their minutes.
    """
    with gc_paused(), transaction() as connection:
        made = _give_places(connection, [force_code], today)
        minutes.settle(connection, force_code, today)
    return ConveningCounts(force_code, len(made.begun), len(made.ended), made.late)


def give_places(force_codes: Sequence[str], today: date) -> None:
    """Give the due reviews of several forces their sittings in one transaction, and no minutes."""
    with gc_paused(), transaction() as connection:
        _give_places(connection, force_codes, today)


def _give_places(connection: Connection, force_codes: Sequence[str], today: date) -> _Given:
    """End what is over, and decide on the rest.

    Cases whose outcome was not recorded in time are convened again. Cases that owe no review any more lose their place.
    Late cases move to an earlier place that became free. Without changes, only due cases without a place are read.
    """
    calendar = configuration.calendar()
    coming = sittings.coming(connection, force_codes, today)
    pairs = pairs_of(force_codes, {(each.force_code, each.cps_area): each.day for each in reversed(coming)}, today)
    befores = {code: back(today, configuration.outcome_within(code), calendar) for code in force_codes}
    ended = convening_ends.end_unrecorded(connection, befores, today)
    ended += barred_chairs.end_barred(connection, force_codes, today)
    ended += convening_ends.end_not_owed(connection, force_codes, pairs, today)
    begun: list[int] = []
    moved: list[int] = []
    late = 0
    while pairs:
        ended += convening_ends.end_late(connection, sorted({pair.force_code for pair in pairs}), today)
        decided = _Decided([], [], [], [])
        late += _decide_all(connection, pairs, decided, today)
        _write(connection, decided, today)
        begun += [each.case_id for each, *_ in decided.begun]
        moved += [each.case_id for each in decided.moved]
        again = {each.force_code for each in decided.moved}  # a moved case may have left a place for a late one
        tell_operations(connection, [each for each in decided.chairless if each.force_code not in again], today)
        pairs = [pair for pair in pairs if pair.force_code in again]
    convenings.look_again(connection, {*ended, *begun, *moved}, today)
    return _Given(begun, ended + moved, late)


def _decide_all(connection: Connection, pairs: Sequence[PairHorizon], decided: _Decided, today: date) -> int:
    """Decide, pair by pair, on cases that have no sitting or may have to leave theirs. Return how many are late."""
    places = sittings.open_sittings(connection, sorted({pair.force_code for pair in pairs}), today)
    overfull = {each.id for each in places if len(each.slots) > each.places}
    theirs, found = defaultdict(list), defaultdict(list)
    for each in places:
        theirs[each.force_code, each.cps_area].append(each)
    for review in convenings.misplaced(connection, pairs, overfull, today):
        found[review.force_code, review.cps_area].append(review)
    late = 0
    for pair in pairs:
        key = pair.force_code, pair.cps_area
        if found[key]:
            late += _decide(connection, pair, theirs[key], found[key], decided, today)
    return late


def _decide(
    connection: Connection,
    pair: PairHorizon,
    theirs: Sequence[OpenSitting],
    found: Sequence[DueReview],
    decided: _Decided,
    today: date,
) -> int:
    """Give cases without a place one of the free places; redistribute all places if one may take another's."""
    apart = [each for each in found if not sits_anywhere(each, theirs)]
    found = [each for each in found if sits_anywhere(each, theirs)]
    made = convene([each.due for each in found], sittings_with_places(theirs, found, today))
    late = {each.case_ref for each in made if each.late}
    if any(each.due.case_ref in late and worth(each.due) is not Worth.THIRD for each in found):
        due = convenings.all_due(connection, pair, today)
        found = [each for each in due if sits_anywhere(each, theirs)]
        made = convene([each.due for each in found], sittings_with_places(theirs, found, today))
    _add_difference(found, made, theirs, decided)
    made += _decide_apart(apart, theirs, taken_anew(found, made), decided, today)
    return sum(each.late for each in made)


def _decide_apart(
    apart: Sequence[DueReview], theirs: Sequence[OpenSitting], taken: Counter[str], decided: _Decided, today: date
) -> list[Placement]:
    """Give each case that bars a chair, by worth, one of the places that the others leave under another chair."""
    placed: list[Placement] = []
    for each in sorted(apart, key=lambda one: by_worth(one.due)):
        allowed = sittings_apart(each, theirs, taken, today)
        made = convene([each.due], allowed)
        _add_difference([each], made, theirs, decided)
        taken.update(taken_anew([each], made))
        placed += made
        if not allowed:
            decided.chairless.append(each)
    return placed


def _add_difference(
    found: Sequence[DueReview], made: Sequence[Placement], theirs: Sequence[OpenSitting], decided: _Decided
) -> None:
    by_ref = {each.due.case_ref: each for each in found}
    sitting = {each.ref: each for each in theirs}
    for place in made:
        case = by_ref[place.case_ref]
        held = case.due.held
        if held and held.sitting == place.sitting:
            if (held.due_on, held.deadline_on) != (case.due.due_on, place.deadline_on):
                decided.kept.append(KeptConvening(int(case.convening_id or 0), case.due.due_on, place.deadline_on))
            continue
        if held:
            decided.moved.append(case)
        if place.sitting:
            was = sitting.get(held.sitting) if held else None
            panel = was is None or len(was.slots) > was.places
            decided.begun.append((case, sitting[place.sitting], place.deadline_on, panel))


def _write(connection: Connection, decided: _Decided, today: date) -> None:
    """Release the places of moved cases first, then give new cases the lowest free slots.

    Whatever failed before goes first, then the most urgent: at a sitting that is settled, these are its minutes.
    """
    if decided.moved:
        convening_ends.end_moved(connection, [int(each.convening_id or 0) for each in decided.moved], today)
    if decided.kept:
        convenings.reschedule(connection, decided.kept)
    if not decided.begun:
        return
    slots = {
        sitting_id: free_slots(taken)
        for sitting_id, taken in convenings.slots(connection, {at.id for _, at, *_ in decided.begun}).items()
    }
    before = convening_history.before(connection, [each.case_id for each, *_ in decided.begun])
    begun = sorted(decided.begun, key=lambda one: before[one[0].case_id].end is not ConveningEnd.NOT_HELD)
    convenings.begin(
        connection,
        [
            NewConvening(
                each.case_id, at.id, next(slots[at.id]), each.due.due_on, deadline_on,
                _because(each, before[each.case_id], deadline_on, panel=panel),
            )
            for each, at, deadline_on, panel in begun
        ],
        today,
    )  # fmt: skip


def _because(
    found: DueReview, before: convening_reason.ConveningGrounds, deadline_on: date, *, panel: bool
) -> ConveningReason:
    held = found.due.held
    return convening_reason.of_move(held, before, deadline_on, panel=panel) if held else convening_reason.of_new(before)
