"""The decision of a convening: places given, kept with other days and taken back, who sits apart, and second looks."""

import pytest

from config.days.duration import Duration, Unit
from config.sittings import ConveningEnd, ConveningReason
from config.terms import Risk
from models.rules.calendar import WorkingCalendar
from models.rules.reviews.convening_book import (
    ConveningBook,
    ConveningDecision,
    DueReview,
    EndedPlace,
    GivenPlace,
    KeptPlace,
    PairHorizon,
    SittingAhead,
    first_free,
)  # fmt: skip
from models.rules.reviews.convening_decision import decide
from tests.worlds.places import TODAY, TUESDAYS, held, review, sitting

SETTLED = Duration(5, Unit.WORKING_DAYS)
SITTINGS = [sitting(1), sitting(2), sitting(3)]
FIRST, SECOND, THIRD = TUESDAYS


def decided(
    *reviews: DueReview, at: list[SittingAhead] = SITTINGS, over: tuple[EndedPlace, ...] = ()
) -> ConveningDecision:
    room_on = first_free(at).get(("45", "South East"), THIRD)
    pair = PairHorizon("45", "South East", THIRD, next_on=at[0].day, room_on=room_on)
    return decide(ConveningBook(TODAY, [pair], at, reviews, over), SETTLED, WorkingCalendar())


def where(decision: ConveningDecision) -> list[tuple[int, int]]:
    """Each case that got a place, with its sitting, in the order in which they are written."""
    return [(place.case_id, place.sitting_id) for look in decision.looks for place in look.given]


def test_a_case_without_a_place_gets_one_in_the_lowest_free_slot() -> None:
    decision = decided(review("1"), at=[sitting(1), sitting(2), sitting(3, taken=1)])
    given = [place for look in decision.looks for place in look.given]
    assert given == [GivenPlace(1, 3, 1, THIRD, THIRD, ConveningReason.DUE)]
    assert (decision.late, decision.ended) == (0, [])


def test_a_case_for_which_no_place_is_left_is_late_and_changes_nothing() -> None:
    decision = decided(review("1", risk=Risk.STANDARD), at=[sitting(1, places=0)])
    assert (decision.late, decision.given, decision.ended) == (1, [], [])


@pytest.mark.parametrize(
    ("due_on", "kept"), [(THIRD, []), (SECOND, [KeptPlace(1, SECOND, SECOND)])], ids=["the same days", "another day"]
)
def test_a_case_that_stays_where_it_is_changes_nothing_or_its_days(due_on, kept) -> None:
    decision = decided(review("1", at=held(2), due_on=due_on), at=[sitting(1), sitting(2, taken=1), sitting(3)])
    assert [place for look in decision.looks for place in look.kept] == kept
    assert (decision.given, decision.ended) == ([], [])


def test_a_case_whose_sitting_was_put_forward_has_its_day_as_the_deadline() -> None:
    overdue = review("1", at=held(1, due_on=TODAY, deadline_on=SECOND), due_on=TODAY)
    decision = decided(overdue, at=[sitting(1, taken=1), sitting(2)])
    assert [place for look in decision.looks for place in look.kept] == [KeptPlace(1, TODAY, FIRST)]


def test_of_more_cases_than_places_the_least_leaves_and_the_panel_is_why() -> None:
    high, standard = review("1", at=held(3)), review("2", at=held(3), risk=Risk.STANDARD)
    decision = decided(high, standard, at=[sitting(1), sitting(2), sitting(3, places=1, taken=2)])
    look = decision.looks[1]
    assert list(look.ended) == [EndedPlace(2, ConveningEnd.MOVED)]
    assert [(place.case_id, place.sitting_id, place.because) for place in look.given] == [(2, 2, ConveningReason.PANEL)]


def test_a_case_of_a_lower_class_gives_way_to_one_that_would_be_late() -> None:
    medium = review("1", at=held(2, due_on=SECOND, deadline_on=SECOND), due_on=SECOND, risk=Risk.MEDIUM)
    at = [sitting(1, places=0), sitting(2, places=1, taken=1), sitting(3, places=1)]
    decision = decided(medium, review("2", due_on=SECOND), at=at)
    assert where(decision) == [(2, 2), (1, 3)]
    assert [place.because for place in decision.looks[1].given] == [ConveningReason.DUE, ConveningReason.GAVE_WAY]
    assert decision.late == 1


def test_a_force_is_seen_whole_where_an_urgent_case_is_late_and_others_sit_there() -> None:
    at = [sitting(1, places=0), sitting(2, places=1, taken=1), sitting(3, places=1)]
    decision = decided(review("2", due_on=SECOND), at=at)
    assert (decision.unseen, decision.looks) == ({"45"}, ())


def test_of_more_cases_apart_than_places_the_least_leaves_too_and_the_others_stay() -> None:
    standard = review("1", at=held(3), risk=Risk.STANDARD, barred=("K9",))._replace(slot=1_000)
    high, other = review("2", at=held(3), barred=("K8",))._replace(slot=1_001), review("3", at=held(3))
    full = sitting(3, places=1, taken=1)._replace(apart=(1_000, 1_001))
    look = decided(standard, high, other, at=[sitting(1), sitting(2), full]).looks[1]
    assert list(look.ended) == [EndedPlace(1, ConveningEnd.MOVED)]
    assert [(place.case_id, place.sitting_id, place.because) for place in look.given] == [(1, 2, ConveningReason.PANEL)]


def test_a_late_case_takes_the_place_that_became_free() -> None:
    late = review("1", at=held(3, due_on=FIRST, deadline_on=FIRST), due_on=FIRST)
    decision = decided(late, at=[sitting(1, places=1), sitting(2), sitting(3, taken=1)])
    assert decision.looks[1].ended == [EndedPlace(1, ConveningEnd.MORE_ROOM)]
    assert [(place.sitting_id, place.because) for place in decision.looks[1].given] == [(1, ConveningReason.ROOM)]


def test_a_late_case_for_which_no_earlier_place_is_left_keeps_its_minutes_and_its_deadline() -> None:
    at = held(3, due_on=FIRST, deadline_on=FIRST)
    moves, stays = review("1", at=at, due_on=FIRST), review("2", at=at, due_on=FIRST)._replace(slot=1)
    decision = decided(moves, stays, at=[sitting(1, places=1), sitting(2, places=0), sitting(3, taken=2)])
    assert (decision.ended, where(decision)) == ([1], [(1, 1)])
    assert [place for look in decision.looks for place in look.kept] == []


def test_a_late_case_stays_where_a_person_chose_its_place_or_it_bars_a_chair_of_the_pair() -> None:
    at = held(3, due_on=FIRST, deadline_on=FIRST)
    chosen = review("1", at=at._replace(chosen=True), due_on=FIRST)
    apart = review("2", at=at, due_on=FIRST, barred=("K2",))
    sittings = [sitting(1), sitting(2, chair="K2"), sitting(3, taken=2)]
    assert decided(chosen, apart, at=sittings).ended == []


def second_look(*reviews: DueReview) -> ConveningDecision:
    """A case of London sits at the second sitting of South East, and leaves its place there."""
    london = sitting(3)._replace(id=4, ref="s4", cps_area="London North")
    mover = review("1", at=held(2))._replace(cps_area="London North")
    at = [sitting(1, places=0), sitting(2, places=1, taken=1), sitting(3, places=3, taken=1)]
    pairs = [
        PairHorizon("45", "London North", THIRD, THIRD, THIRD),
        PairHorizon("45", "South East", THIRD, FIRST, THIRD),
    ]
    return decide(ConveningBook(TODAY, pairs, [*at, london], [mover, *reviews], ()), SETTLED, WorkingCalendar())


def test_a_case_that_moves_leaves_its_place_to_a_late_one_at_a_second_look() -> None:
    late = review("2", at=held(3, due_on=SECOND, deadline_on=SECOND), due_on=SECOND)
    decision = second_look(late)
    assert where(decision) == [(1, 4), (2, 2)]
    assert decision.looks[2].ended == [EndedPlace(2, ConveningEnd.MORE_ROOM)]


def test_a_force_is_seen_whole_where_a_case_that_moves_leaves_a_place_before_cases_that_were_not_read() -> None:
    assert second_look().unseen == {"45"}


def test_a_case_that_is_over_and_still_due_is_placed_again_and_what_was_not_held_goes_first() -> None:
    over = EndedPlace(1, ConveningEnd.UNRECORDED)
    failed = review("2", end=ConveningEnd.NOT_HELD, risk=Risk.MEDIUM)
    decision = decided(review("1"), failed, at=[sitting(3)], over=(over,))
    assert decision.looks[0].ended == (over,)
    given = decision.looks[1].given
    assert [(place.case_id, place.slot, place.because) for place in given] == [
        (2, 0, ConveningReason.NOT_HELD), (1, 1, ConveningReason.UNRECORDED),
    ]  # fmt: skip


def test_of_cases_that_bar_a_chair_the_most_urgent_takes_the_last_place_under_another() -> None:
    medium, high = review("1", risk=Risk.MEDIUM, barred=("K1",)), review("2", barred=("K1",))
    decision = decided(medium, high, at=[sitting(1), sitting(2, places=1, chair="K2")])
    assert (where(decision), decision.chairless, decision.late) == ([(2, 2)], [], 1)


def test_a_case_apart_sits_behind_the_others_and_takes_no_place_of_theirs() -> None:
    apart, other = review("1", barred=("K1",), due_on=SECOND), review("2", due_on=SECOND)
    at = [sitting(1, places=0), sitting(2, places=1, chair="K2"), sitting(3, places=1, chair="K2")]
    assert where(decided(apart, other, at=at)) == [(2, 2), (1, 2)]


def test_a_case_that_bars_every_chair_has_no_place_and_operations_are_to_know() -> None:
    decision = decided(review("1", barred=("K1",)), review("2", barred=("K9",)))
    assert ([one.case_id for one in decision.chairless], decision.given) == ([1], [2])


def test_a_case_that_keeps_its_place_under_another_chair_takes_none_from_a_second_one() -> None:
    kept, new = review("1", at=held(3), barred=("K1",), due_on=SECOND), review("2", barred=("K1",))
    decision = decided(kept, new, at=[sitting(1), sitting(3, places=2, taken=1, chair="K2")])
    assert where(decision) == [(2, 3)]


def test_without_pairs_only_what_is_over_ends() -> None:
    over = [EndedPlace(1, ConveningEnd.NOT_OWED)]
    decision = decide(ConveningBook(TODAY, [], [], [], over), SETTLED, WorkingCalendar())
    assert (decision.ended, decision.given) == ([1], [])
