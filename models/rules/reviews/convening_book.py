"""The values of a convening: the book that it is decided on, and the changes that the decision makes."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import date, datetime
from itertools import count, filterfalse
from typing import NamedTuple

from config.days.duration import Duration
from config.sittings import ConveningEnd, ConveningReason
from models.rules.calendar import WorkingCalendar
from models.rules.reviews.convening import DueCase, PanelSitting
from models.rules.reviews.convening_reason import ConveningGrounds
from models.rules.reviews.sitting_days import back

PairKey = tuple[str, str]  # force code, CPS Area
BEHIND = 10_000  # the first slot of cases that come behind all others, until these have theirs


class SittingAhead(NamedTuple):
    """A sitting to come, with the slots of its cases.

    A case that bars somebody is apart: it takes none of the places, and sits after all others, so that nothing of
    theirs shows that it is there.
    """

    id: int
    ref: str
    force_code: str
    cps_area: str
    day: date
    starts_at: datetime
    places: int
    chair_ref: str
    place: str
    settled_on: date | None
    slots: tuple[int, ...]  # of the cases that bar nobody
    apart: tuple[int, ...] = ()  # of the cases that bar somebody

    @property
    def pair(self) -> PairKey:
        """The force and the CPS Area that sit."""
        return self.force_code, self.cps_area

    @property
    def awaits_minutes(self) -> bool:
        """Whether it has cases that bar nobody and have no lasting minutes yet."""
        return self.settled_on is None and bool(self.slots)

    @property
    def has_room(self) -> bool:
        """Whether it has a free place."""
        return len(self.slots) < self.places

    @property
    def overfull(self) -> bool:
        """Whether more cases sit there than it has places, those apart or the others."""
        return max(len(self.slots), len(self.apart)) > self.places


class PairHorizon(NamedTuple):
    """A force's pair with one CPS Area, and how far ahead its reviews are convened.

    `next_on` is the next day on which it sits, `room_on` the first on which it has a free place.
    """

    force_code: str
    cps_area: str
    until_on: date
    next_on: date | None = None
    room_on: date = date.max

    @property
    def key(self) -> PairKey:
        """The force and the CPS Area."""
        return self.force_code, self.cps_area


class DueReview(NamedTuple):
    """A due review: what decides its place, and the sitting and the slot that it has already."""

    case_id: int
    force_code: str
    cps_area: str
    due: DueCase
    sitting_id: int | None
    slot: int | None
    barred: frozenset[str]  # the contacts who must hear nothing of its case: it sits under none of them, and apart
    grounds: ConveningGrounds

    @property
    def pair(self) -> PairKey:
        """The force and the CPS Area that review it."""
        return self.force_code, self.cps_area

    def bars_chair(self, sitting: SittingAhead) -> bool:
        """Return whether the chair of a sitting must hear nothing of the case."""
        return sitting.chair_ref in self.barred


class EndedPlace(NamedTuple):
    """A case that loses its place, and why."""

    case_id: int
    end: ConveningEnd


class ConveningBook(NamedTuple):
    """What is known of the joint reviews of some forces on a day.

    `due` has every due review without a place, every one whose place may have to change, and others where their pair is
    seen whole. The places of the cases that are `over` end, whatever is decided; they are not among the taken ones.
    """

    today: date
    pairs: Sequence[PairHorizon]
    sittings: Sequence[SittingAhead]  # of a pair in the order of their moments
    due: Sequence[DueReview]
    over: Sequence[EndedPlace]


class KeptPlace(NamedTuple):
    """A case that keeps its place, with another due day or deadline."""

    case_id: int
    due_on: date
    deadline_on: date


class GivenPlace(NamedTuple):
    """A case that gets a place."""

    case_id: int
    sitting_id: int
    slot: int
    due_on: date
    deadline_on: date
    because: ConveningReason
    chosen_by: str | None = None


class PlaceChanges(NamedTuple):
    """The changes of one look at the places, in the order in which they are written."""

    ended: Sequence[EndedPlace]
    kept: Sequence[KeptPlace] = ()
    given: Sequence[GivenPlace] = ()


class ConveningDecision(NamedTuple):
    """The changes of each look, and what they leave open.

    `unseen` names forces of which the book does not hold every case that the decision depends on: it is no decision
    then, and has no changes.
    """

    looks: Sequence[PlaceChanges] = ()
    late: int = 0  # cases that have no place, or one after their deadline, counted at each look
    chairless: Sequence[DueReview] = ()  # no chair of their pair may hear of them
    unseen: frozenset[str] = frozenset()

    @property
    def given(self) -> list[int]:
        """The cases that got a place."""
        return [place.case_id for look in self.looks for place in look.given]

    @property
    def ended(self) -> list[int]:
        """The cases that lost theirs."""
        return [place.case_id for look in self.looks for place in look.ended]


def first_free(sittings: Iterable[SittingAhead]) -> dict[PairKey, date]:
    """Return the first day on which each pair has a free place; pairs without one are left out."""
    days: dict[PairKey, date] = {}
    for sitting in sittings:
        if sitting.has_room:
            days[sitting.pair] = min(sitting.day, days.get(sitting.pair, sitting.day))
    return days


def hidden_until(book: ConveningBook) -> dict[PairKey, date]:
    """Return the day of each pair's last sitting at which a case sits that is not in the book."""
    known = Counter(review.sitting_id for review in book.due if not review.barred)
    return {sitting.pair: sitting.day for sitting in book.sittings if len(sitting.slots) > known[sitting.id]}


def movable(sittings: Iterable[SittingAhead], today: date, settled: Duration, calendar: WorkingCalendar) -> set[int]:
    """Return the ids of the sittings whose cases may still have to move: they are settled so long before their day."""
    return {sitting.id for sitting in sittings if today < back(sitting.day, settled, calendar)}


def panel_sittings(
    sittings: Iterable[SittingAhead], reviews: Iterable[DueReview], movable_ids: Collection[int]
) -> list[PanelSitting]:
    """Return the sittings with the places that are free when these reviews, which bar nobody, give up theirs."""
    own = Counter(review.sitting_id for review in reviews)
    return [
        PanelSitting(
            sitting.ref, sitting.day, max(0, sitting.places - len(sitting.slots) + own[sitting.id]),
            movable=sitting.id in movable_ids,
        )
        for sitting in sittings
    ]  # fmt: skip


def apart_sittings(
    sittings: Iterable[SittingAhead], review: DueReview, movable_ids: Collection[int]
) -> list[PanelSitting]:
    """Return the sittings at which a case that bars somebody may be, with the places that others like it leave there.

    No such case sits under a chair who must hear nothing of it.
    """
    return [
        PanelSitting(
            sitting.ref, sitting.day,
            max(0, sitting.places - len(sitting.apart) + (review.sitting_id == sitting.id)),
            movable=sitting.id in movable_ids,
        )
        for sitting in sittings if not review.bars_chair(sitting)
    ]  # fmt: skip


def crowded_out(ordered: Sequence[DueReview], sittings: Iterable[SittingAhead]) -> tuple[set[int], list[SittingAhead]]:
    """Return the cases apart of least worth for which a sitting that takes fewer has no place, and what is left."""
    leaving, left = set[int](), list[SittingAhead]()
    for sitting in sittings:
        more = max(0, len(sitting.apart) - sitting.places)
        going = [review for review in reversed(ordered) if review.sitting_id == sitting.id][:more]
        gone = {review.slot for review in going}
        leaving.update(review.case_id for review in going)
        left.append(sitting._replace(apart=tuple(slot for slot in sitting.apart if slot not in gone)))
    return leaving, left


def new_slot(taken: Collection[int], *, apart: bool) -> int:
    """Return the slot of a case that comes to a sitting, of those that no case of its kind has there: the lowest.

    `apart` are cases that bar somebody: behind all others.
    """
    return next(filterfalse(set(taken).__contains__, count(BEHIND))) if apart else next(free_slots(taken))


def free_slots(taken: Collection[int]) -> Iterator[int]:
    """Yield a sitting's free slots, the lowest first, without end."""
    return filterfalse(set(taken).__contains__, count())
