"""The decision of a convening: which due reviews get, keep and lose a place, and why.

It looks at all places once, and again at those of a force where a case that moved may have left one to a late case.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, NamedTuple

from config.days.duration import Duration
from config.sittings import ConveningEnd, ConveningReason
from models.rules.calendar import WorkingCalendar
from models.rules.reviews import convening_reason
from models.rules.reviews.convening import HeldPlace, Placement, Worth, by_worth, convene, worth
from models.rules.reviews.convening_book import (
    ConveningBook,
    ConveningDecision,
    DueReview,
    EndedPlace,
    GivenPlace,
    KeptPlace,
    PairHorizon,
    PairKey,
    PlaceChanges,
    SittingAhead,
    apart_sittings,
    crowded_out,
    first_free,
    hidden_until,
    movable,
    new_slot,
    panel_sittings,
)


def decide(book: ConveningBook, settled: Duration, calendar: WorkingCalendar) -> ConveningDecision:
    """Decide on the places of the book's due reviews; a sitting is settled so long before its day.

    Cases that are over and still due are placed again. Late cases move to an earlier place that became free.
    """
    table = _Table(book, movable(book.sittings, book.today, settled, calendar))
    looks, late, chairless, pairs = [PlaceChanges(book.over)], 0, list[DueReview](), book.pairs
    while pairs:
        moved_up = table.end_late(pairs)
        placed = table.place(pairs)
        if table.unseen:
            return ConveningDecision(unseen=frozenset(table.unseen))
        looks.append(table.change(placed, moved_up))
        again = {choice.review.force_code for choice in placed if choice.moves}
        late += sum(choice.place.late for choice in placed)
        chairless += [choice.review for choice in placed if choice.chairless and choice.review.force_code not in again]
        pairs = [pair for pair in pairs if pair.force_code in again]
    return ConveningDecision(looks, late, chairless)


class _Choice(NamedTuple):
    """The place that a due review should have."""

    review: DueReview
    place: Placement
    chairless: bool = False  # every chair of its pair must hear nothing of it

    @property
    def moves(self) -> bool:
        """Whether it has another place, which it gives up."""
        held = self.review.due.held
        return held is not None and held.sitting != self.place.sitting

    @property
    def stays(self) -> bool:
        """Whether it has that place already."""
        held = self.review.due.held
        return held is not None and held.sitting == self.place.sitting

    @property
    def has_other_days(self) -> bool:
        """Whether its due day or its deadline is another than that of the place that it has."""
        held = self.review.due.held
        return held is not None and (held.due_on, held.deadline_on) != (self.review.due.due_on, self.place.deadline_on)


class _Table:
    """The places of all pairs, from look to look. `unseen` names forces whose whole book a look would need."""

    def __init__(self, book: ConveningBook, movable_ids: set[int]) -> None:
        self.today, self.movable = book.today, movable_ids
        self.sittings = {sitting.id: sitting for sitting in book.sittings}
        self.ids = {sitting.ref: sitting.id for sitting in book.sittings}
        self.of_pair: dict[PairKey, list[int]] = defaultdict(list)
        for sitting in book.sittings:
            self.of_pair[sitting.pair].append(sitting.id)
        self.reviews: dict[PairKey, dict[int, DueReview]] = defaultdict(dict)
        over = {place.case_id: place.end for place in book.over}
        for review in book.due:
            end = over.get(review.case_id, review.grounds.end)
            self.reviews[review.pair][review.case_id] = review._replace(grounds=review.grounds._replace(end=end))
        self.unseen: set[str] = set()
        self.hidden_until = hidden_until(book)

    def end_late(self, pairs: Sequence[PairHorizon]) -> list[EndedPlace]:
        """End the places after their deadline of cases for which an earlier sitting of the pair has room.

        A place that a person chose stays, and so does one of a case that may not sit under every chair.
        """
        forces = {pair.force_code for pair in pairs}
        free = first_free(sitting for sitting in self.sittings.values() if sitting.force_code in forces)
        for pair in pairs:
            day = free.get(pair.key, date.max)
            if day < pair.room_on and day < self.hidden_until.get(pair.key, date.min):
                self.unseen.add(pair.force_code)
        late = [review for pair in pairs for review in self.reviews[pair.key].values() if self._moves_up(review, free)]
        return self._end_earlier(late, pairs)

    def _end_earlier(self, late: list[DueReview], pairs: Sequence[PairHorizon]) -> list[EndedPlace]:
        """End the places of those late cases that all get an earlier sitting when they are placed again."""
        before = self.sittings.copy()
        while late:
            ended = [self._end(review, ConveningEnd.MORE_ROOM) for review in late]
            placed = ((choice.review.case_id, choice.place.sitting) for choice in self.place(pairs))
            days = {case_id: self.sittings[self.ids[ref]].day for case_id, ref in placed if ref}
            earlier = [one for one in late if days.get(one.case_id, date.max) < before[one.sitting_id or 0].day]
            if len(earlier) == len(late):
                return ended
            self.sittings = before.copy()
            for review in late:
                self.reviews[review.pair][review.case_id] = review
            late = earlier
        return []

    def _moves_up(self, review: DueReview, free: dict[PairKey, date]) -> bool:
        held, sitting = review.due.held, self._sitting(review)
        if held is None or sitting is None or held.chosen or sitting.day <= held.deadline_on:
            return False
        if review.barred:
            theirs = self._at(sitting.pair)
            places = apart_sittings(theirs, review, self.movable)
            return len(places) == len(theirs) and any(one.places and one.day < sitting.day for one in places)
        return free.get(sitting.pair, date.max) < sitting.day

    def place(self, pairs: Sequence[PairHorizon]) -> list[_Choice]:
        """Choose the places, pair by pair, of cases that have none or may have to leave theirs."""
        choices = list[_Choice]()
        for pair in pairs:
            reviews = [review for review in self.reviews[pair.key].values() if self._is_misplaced(review, pair)]
            if reviews:
                choices += self._place_pair(pair, reviews)
        return choices

    def _is_misplaced(self, review: DueReview, pair: PairHorizon) -> bool:
        held, sitting = review.due.held, self._sitting(review)
        if held is None or sitting is None or sitting.overfull:
            return True
        by = max(review.due.due_on, pair.next_on or review.due.due_on)
        return sitting.cps_area != review.cps_area or held.due_on != review.due.due_on or by < held.deadline_on

    def _place_pair(self, pair: PairHorizon, reviews: Sequence[DueReview]) -> list[_Choice]:
        """Give cases without a place one of the free places; redistribute all places if one may take another's."""
        sittings = self._at(pair.key)
        choices = self._convene(reviews, sittings)
        if any(choice.place.late and worth(choice.review.due) is not Worth.THIRD for choice in choices):
            if pair.key in self.hidden_until:
                self.unseen.add(pair.force_code)
            choices = self._convene(self.reviews[pair.key].values(), sittings)
        return choices + self._place_apart([review for review in reviews if review.barred], sittings)

    def _convene(self, reviews: Iterable[DueReview], sittings: Sequence[SittingAhead]) -> list[_Choice]:
        """Give places to those cases that bar nobody."""
        anywhere = {review.due.case_ref: review for review in reviews if not review.barred}
        free = panel_sittings(sittings, anywhere.values(), self.movable)
        places = convene([review.due for review in anywhere.values()], free)
        return [_Choice(anywhere[place.case_ref], place) for place in places]

    def _place_apart(self, reviews: Iterable[DueReview], sittings: Sequence[SittingAhead]) -> list[_Choice]:
        """Give each case that bars somebody, by worth, a sitting of its own choice: it takes no place of the others."""
        choices, taken = list[_Choice](), Counter[str]()
        ordered = sorted(reviews, key=lambda apart: by_worth(apart.due))
        leaving, left_to = crowded_out(ordered, sittings)
        for review in ordered:
            asked = review._replace(sitting_id=None) if review.case_id in leaving else review
            allowed = apart_sittings(left_to, asked, self.movable)
            left = [sitting._replace(places=max(0, sitting.places - taken[sitting.ref])) for sitting in allowed]
            (place,) = convene([review.due], left)
            choices.append(_Choice(review, place, chairless=not allowed))
            taken.update(_taken(choices[-1:]))
        return choices

    def change(self, choices: Sequence[_Choice], ended: Sequence[EndedPlace]) -> PlaceChanges:
        """Make the changes that these choices ask for, and return them after the places that ended before.

        Moved cases leave their places first; then new ones get the lowest free slots. Whatever failed before goes
        first, then the most urgent: at a sitting that is settled, these are its minutes.
        """
        new = [(choice, self._because(choice)) for choice in choices if choice.place.sitting and not choice.stays]
        moved = [self._end(choice.review, ConveningEnd.MOVED) for choice in choices if choice.moves]
        kept = [self._keep(choice) for choice in choices if choice.stays and choice.has_other_days]
        new.sort(key=lambda given: given[1] is not ConveningReason.NOT_HELD)
        return PlaceChanges([*ended, *moved], kept, [self._give(choice, because) for choice, because in new])

    def _because(self, choice: _Choice) -> ConveningReason:
        review, sitting = choice.review, self._sitting(choice.review)
        if review.due.held is None:
            return convening_reason.of_new(review.grounds)
        panel = sitting is None or sitting.pair != review.pair or sitting.overfull
        return convening_reason.of_move(review.due.held, review.grounds, choice.place.deadline_on, panel=panel)

    def _end(self, review: DueReview, end: ConveningEnd) -> EndedPlace:
        if sitting := self._sitting(review):
            slots, apart = (
                tuple(slot for slot in taken if slot != review.slot) for taken in (sitting.slots, sitting.apart)
            )
            self.sittings[sitting.id] = sitting._replace(slots=slots, apart=apart)
        self._set(review, None, grounds=review.grounds._replace(end=end), sitting_id=None, slot=None)
        return EndedPlace(review.case_id, end)

    def _keep(self, choice: _Choice) -> KeptPlace:
        review, by = choice.review, choice.place.deadline_on
        if review.due.held:
            self._set(review, review.due.held._replace(due_on=review.due.due_on, deadline_on=by))
        return KeptPlace(review.case_id, review.due.due_on, by)

    def _give(self, choice: _Choice, because: ConveningReason) -> GivenPlace:
        review, place = choice.review, choice.place
        sitting = self.sittings[self.ids[place.sitting or ""]]
        slot = new_slot(sitting.apart if review.barred else sitting.slots, apart=bool(review.barred))
        self.sittings[sitting.id] = (
            sitting._replace(apart=(*sitting.apart, slot))
            if review.barred
            else sitting._replace(slots=(*sitting.slots, slot))
        )
        held = HeldPlace(sitting.ref, review.due.due_on, place.deadline_on)
        self._set(review, held, sitting_id=sitting.id, slot=slot)
        return GivenPlace(review.case_id, sitting.id, slot, review.due.due_on, place.deadline_on, because)

    def _set(self, review: DueReview, held: HeldPlace | None, **changed: Any) -> None:
        now = review._replace(due=review.due._replace(held=held), **changed)
        self.reviews[review.pair][review.case_id] = now

    def _sitting(self, review: DueReview) -> SittingAhead | None:
        return None if review.sitting_id is None else self.sittings.get(review.sitting_id)

    def _at(self, pair: PairKey) -> list[SittingAhead]:
        return [self.sittings[id_] for id_ in self.of_pair[pair]]


def _taken(choices: Iterable[_Choice]) -> Counter[str]:
    """Count by sitting the places that these choices take beyond those that their cases have."""
    taken = Counter(choice.place.sitting for choice in choices if choice.place.sitting)
    taken.subtract(choice.review.due.held.sitting for choice in choices if choice.review.due.held)
    return taken
