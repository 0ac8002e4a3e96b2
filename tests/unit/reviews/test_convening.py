"""Convening against brute force: no arrangement has more cases in time, class by class; no case moves without need."""

from collections import Counter
from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from config.terms import Risk, Severity
from models.rules.reviews.convening import (
    DueCase,
    HeldPlace,
    PanelSitting,
    Placement,
    Worth,
    by_worth,
    convene,
    deadline,
    worth,
)
from tests.worlds.days import day, row

LAST_DAY = date.max
TODAY = day("Mon 2 Mar 2026")
FIRST, SECOND, LAST = (PanelSitting(f"s{n}", TODAY + timedelta(days=7 * n), 1) for n in (1, 2, 3))
BY_RISK = {Worth.FIRST: Risk.HIGH, Worth.SECOND: Risk.MEDIUM, Worth.THIRD: Risk.STANDARD}


def case(ref="c", risk=Risk.STANDARD, due=22, since=20, held=None, severity=Severity.DUE_SOON):
    return DueCase(ref, risk, severity, TODAY + timedelta(days=due), TODAY - timedelta(days=since), held)


def at(sitting, due=22, by=None, *, chosen=False):
    due_on = TODAY + timedelta(days=due)
    return HeldPlace(sitting.ref, due_on, TODAY + timedelta(days=by) if by is not None else due_on, chosen)


def where(cases, sittings):
    return {place.case_ref: place.sitting for place in convene(cases, sittings)}


def late(cases, sittings):
    return {place.case_ref for place in convene(cases, sittings) if place.late}


def as_sittings(found):
    return [
        PanelSitting(f"s{number}", TODAY + timedelta(days=one[0]), one[1], one[2])
        for number, one in enumerate(sorted(found))
    ]


SITTINGS = st.lists(
    st.tuples(st.integers(1, 20) | st.sampled_from([4, 9]), st.integers(0, 2), st.booleans()), max_size=4
).map(as_sittings)  # some on the same day


def cases_of(risks=tuple(Risk), least=0):
    one = st.tuples(
        st.sampled_from(risks),
        st.sampled_from([Severity.DUE_SOON, Severity.CRITICALLY_OVERDUE]),
        st.integers(-5, 22),
        st.integers(0, 3),
    )
    return st.lists(one, min_size=least, max_size=6).map(
        lambda found: [case(f"c{n}", one[0], one[2], 20 + one[3], severity=one[1]) for n, one in enumerate(found)]
    )


CASES = cases_of()


def in_time(cases, places):
    late_ones = {place.case_ref for place in places if place.late}
    return tuple(sum(worth(one) is kind and one.case_ref not in late_ones for one in cases) for kind in Worth)


def best(cases, sittings, counted=(0, 0, 0)):
    """The most cases in time of any arrangement, first class before second before third."""
    if not cases:
        return counted
    one, *rest = cases
    found = best(rest, sittings, counted)
    more = tuple(count + (kind is worth(one)) for kind, count in zip(Worth, counted, strict=True))
    for number, sitting in enumerate(sittings):
        if sitting.places and sitting.day <= deadline(one.due_on, sittings):
            left = [*sittings[:number], sitting._replace(places=sitting.places - 1), *sittings[number + 1 :]]
            found = max(found, best(rest, left, more))
    return found


def held_as(cases, places, *, chosen=()):
    """The same cases, convened in their places."""
    by_ref = {place.case_ref: place for place in places}
    return [
        one._replace(held=HeldPlace(got.sitting, one.due_on, got.deadline_on, one.case_ref in chosen))
        if (got := by_ref[one.case_ref]).sitting
        else one
        for one in cases
    ]


def movable(sittings):
    return {sitting.ref for sitting in sittings if sitting.movable}


def joined_by(cases, more, sittings):
    """Where each case sits before and after others come; the cases as they were convened, and the newcomers."""
    before = {place.case_ref: place for place in convene(cases, sittings)}
    held = held_as(cases, before.values())
    new = [one._replace(case_ref=f"n{one.case_ref}") for one in more]
    return before, {place.case_ref: place for place in convene(held + new, sittings)}, held, new


@settings(max_examples=150, deadline=None)
@given(CASES, SITTINGS)
def test_no_arrangement_has_more_of_the_first_class_in_time_nor_then_of_the_second_nor_the_third(cases, sittings):
    places = convene(cases, sittings)
    assert in_time(cases, places) == best(cases, sittings)
    taken = Counter(place.sitting for place in places if place.sitting)
    assert all(taken[sitting.ref] <= sitting.places for sitting in sittings)
    assert sum(taken.values()) == min(len(cases), sum(sitting.places for sitting in sittings))


@settings(max_examples=150, deadline=None)
@given(CASES, SITTINGS, st.sets(st.sampled_from(["c0", "c2", "c4"])))
def test_whoever_is_convened_stays_when_it_is_worked_out_again(cases, sittings, chosen):
    places = convene(cases, sittings)
    assert convene(held_as(cases, places, chosen=chosen), sittings) == places


LOW, HIGHER = cases_of((Risk.STANDARD, Risk.STANDARD, Risk.MEDIUM), 1), cases_of((Risk.HIGH, Risk.MEDIUM), 1)
CROWDED = st.lists(st.tuples(st.integers(1, 20), st.just(1), st.booleans()), min_size=1, max_size=3).map(as_sittings)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.filter_too_much])
@given(LOW, HIGHER, CROWDED)
def test_newcomers_move_only_cases_of_a_lower_class_and_only_out_of_sittings_that_are_not_settled(
    cases, more, sittings
):
    before, after, held, new = joined_by(cases, more, sittings)
    moved = [one for one in held if before[one.case_ref].sitting not in {None, after[one.case_ref].sitting}]
    assume(moved)
    assert {before[one.case_ref].sitting for one in moved} <= movable(sittings)
    assert all(worth(one) > min(map(worth, new)) for one in moved)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.filter_too_much])
@given(LOW, HIGHER, CROWDED)
def test_a_newcomer_is_late_only_where_no_case_of_a_lower_class_could_give_way(cases, more, sittings):
    _, after, held, new = joined_by(cases, more, sittings)
    days = {sitting.ref: sitting.day for sitting in sittings if sitting.movable}
    rivals = [
        (one, other)
        for one in new
        for other in held
        if after[one.case_ref].late
        and days.get(after[other.case_ref].sitting, LAST_DAY) <= after[one.case_ref].deadline_on
    ]
    assume(rivals)
    assert all(worth(other) <= worth(one) for one, other in rivals)


@settings(max_examples=100, deadline=None)
@given(CASES, SITTINGS, st.sets(st.integers(0, 5)))
def test_who_goes_leaves_everyone_else_where_they_are(cases, sittings, gone):
    places = convene(cases, sittings)
    left = [one for one in held_as(cases, places) if int(one.case_ref[1:]) not in gone and one.held]
    assert {p.case_ref: p.sitting for p in convene(left, sittings)} == {one.case_ref: one.held.sitting for one in left}


@pytest.mark.parametrize(
    ("first", "second"),
    [
        row("high before medium, whatever is due first", case("z", Risk.HIGH, 21), case("a", Risk.MEDIUM, 1)),
        row("unknown is high", case("z", Risk.UNKNOWN, 21), case("a", Risk.MEDIUM, 1)),
        row("medium before standard", case("z", Risk.MEDIUM, 21), case("a", Risk.STANDARD, 1)),
        row("critically overdue is of the first class", case("z", due=-9, severity=Severity.CRITICALLY_OVERDUE),
            case("a", Risk.MEDIUM, -20)),
        row("overdue alone is not", case("z", Risk.MEDIUM, 9), case("a", due=-9, severity=Severity.OVERDUE)),
        row("then the earliest due", case("z", due=8, since=1), case("a", due=9, since=99)),
        row("then the longest since the last review", case("z", due=8, since=30), case("a", due=8, since=29)),
        row("then the reference", case("a", due=8), case("b", due=8)),
    ],
)  # fmt: skip
def test_places_are_given_out_by_class_then_due_day_then_last_review_then_reference(first, second):
    assert by_worth(first) < by_worth(second)
    assert where([second, first], [FIRST]) == {first.case_ref: FIRST.ref, second.case_ref: None}


def test_each_sits_at_the_latest_place_that_allows():
    assert where([case(due=20)], [FIRST, SECOND, LAST]) == {"c": SECOND.ref}
    assert where([case(due=14)], [FIRST, SECOND, LAST]) == {"c": SECOND.ref}
    assert where([case(due=13)], [FIRST, SECOND, LAST]) == {"c": FIRST.ref}


def test_an_earlier_place_is_taken_rather_than_one_after_the_deadline():
    assert where([case("a"), case("b"), case("c")], [FIRST, SECOND, LAST]) == {
        "a": LAST.ref, "b": SECOND.ref, "c": FIRST.ref,
    }  # fmt: skip


def test_the_deadline_is_the_next_sitting_where_the_due_day_has_passed_or_comes_before_any():
    for due in (-30, 0, 6):
        assert convene([case(due=due)], [FIRST, SECOND]) == [Placement("c", FIRST.ref, FIRST.day, late=False)]


def test_without_sittings_everyone_is_late_and_nowhere():
    assert convene([case(due=9)], []) == [Placement("c", None, TODAY + timedelta(days=9), late=True)]


def test_who_is_late_takes_the_earliest_place_left_in_the_same_order():
    cases = [case("a", Risk.HIGH, 8), case("b", Risk.MEDIUM, 8), case("c", Risk.STANDARD, 8), case("d", due=9)]
    assert where(cases, [FIRST, SECOND, LAST]) == {"a": FIRST.ref, "b": SECOND.ref, "c": LAST.ref, "d": None}
    assert late(cases, [FIRST, SECOND, LAST]) == {"b", "c", "d"}


def test_what_is_overdue_is_never_starved_by_what_is_not_yet_due():
    overdue = case("o", due=-20, severity=Severity.OVERDUE)
    fresh = [case(f"f{n}", due=7) for n in range(9)]
    assert where([*fresh, overdue], [FIRST])["o"] == FIRST.ref


def test_a_case_stays_where_it_sits_though_a_later_place_would_do():
    assert where([case(held=at(FIRST))], [FIRST, SECOND, LAST]) == {"c": FIRST.ref}


def test_a_case_whose_deadline_moved_before_its_sitting_is_pulled_forward():
    assert where([case(due=8, held=at(LAST))], [FIRST, SECOND, LAST]) == {"c": FIRST.ref}


def test_a_case_whose_deadline_moved_but_not_before_its_sitting_stays():
    assert where([case(due=15, held=at(SECOND))], [FIRST, SECOND, LAST]) == {"c": SECOND.ref}


def test_a_late_case_stays_where_it_sits_and_stays_late_as_days_pass():
    held = at(LAST, due=8, by=8)
    assert where([case(due=8, held=held)], [SECOND, LAST]) == {"c": LAST.ref}
    assert late([case(due=8, held=held)], [SECOND, LAST]) == {"c"}


@pytest.mark.parametrize(
    ("due", "found"),
    [row("the same due day", 8, {"c"}), row("an earlier one", 7, {"c"}), row("a later one", 9, set())],
)
def test_waiting_alone_does_not_make_a_late_case_punctual(due, found):
    assert late([case(due=due, held=at(SECOND, due=8, by=8))], [SECOND, LAST]) == found


def test_a_late_case_whose_due_day_comes_earlier_still_stays_late():
    (place,) = convene([case(due=-3, held=at(LAST, due=-1, by=7))], [SECOND, LAST])
    assert place == Placement("c", LAST.ref, FIRST.day, late=True)


def test_the_next_sitting_is_a_day_and_its_second_sitting_is_in_time_too():
    later = FIRST._replace(ref="s1-2")
    cases = [case("a", due=-9, severity=Severity.CRITICALLY_OVERDUE), case("b", Risk.HIGH, -4), case("c", due=7)]
    assert where(cases, [FIRST, later]) == {"a": later.ref, "b": FIRST.ref, "c": None}
    assert late(cases, [FIRST, later]) == {"c"}


def test_a_new_due_day_makes_a_new_deadline():
    (place,) = convene([case(due=30, held=at(LAST, due=8, by=8))], [SECOND, LAST])
    assert place == Placement("c", LAST.ref, TODAY + timedelta(days=30), late=False)


def test_the_least_of_a_lower_class_gives_way_to_one_that_would_otherwise_be_late():
    two = FIRST._replace(places=2)
    held = [case("a", due=8, held=at(FIRST, 8)), case("b", due=9, held=at(FIRST, 9))]
    new = case("n", Risk.MEDIUM, 8)
    assert where([*held, new], [two, SECOND]) == {"n": FIRST.ref, "a": FIRST.ref, "b": SECOND.ref}


def test_nobody_gives_way_to_the_same_class_nor_in_a_settled_sitting():
    same = [case("a", Risk.HIGH, 8, held=at(FIRST, 8)), case("n", Risk.HIGH, 7)]
    assert where(same, [FIRST, SECOND]) == {"a": FIRST.ref, "n": SECOND.ref}
    settled = [case("a", due=8, held=at(FIRST, 8)), case("n", Risk.HIGH, 7)]
    assert where(settled, [FIRST._replace(movable=False), SECOND]) == {"a": FIRST.ref, "n": SECOND.ref}


@pytest.mark.parametrize(
    ("newcomer", "stays"),
    [
        row("medium does not move it", Risk.MEDIUM, True),
        row("high does", Risk.HIGH, False),
        row("unknown does", Risk.UNKNOWN, False),
    ],
)
def test_a_case_that_a_person_moved_gives_way_only_to_the_first_class(newcomer, stays):
    cases = [case("a", due=20, held=at(FIRST, 20, chosen=True)), case("n", newcomer, 8)]
    assert (where(cases, [FIRST, SECOND])["a"] == FIRST.ref) is stays


def test_a_case_that_a_person_moved_gives_way_after_all_others_and_never_in_a_settled_sitting():
    two = FIRST._replace(places=2)
    cases = [
        case("a", due=9, held=at(FIRST, 9, chosen=True)),
        case("b", due=8, held=at(FIRST, 8)),
        case("n", Risk.HIGH, 8),
    ]
    assert where(cases, [two, SECOND]) == {"a": FIRST.ref, "b": SECOND.ref, "n": FIRST.ref}
    assert where([cases[0], cases[2]], [FIRST._replace(movable=False), SECOND])["a"] == FIRST.ref


def test_a_case_that_a_person_moved_beyond_its_deadline_stays_until_that_moves():
    assert where([case(due=8, held=at(LAST, 8, by=8, chosen=True))], [FIRST, LAST]) == {"c": LAST.ref}
    assert where([case(due=7, held=at(LAST, 8, by=8, chosen=True))], [FIRST, LAST]) == {"c": FIRST.ref}


def test_where_a_sitting_takes_fewer_than_before_the_first_class_and_the_chosen_keep_their_places():
    held = [
        case("h", Risk.HIGH, 8, held=at(FIRST, 8)), case("m", Risk.MEDIUM, 8, held=at(FIRST, 8)),
        case("p", due=8, held=at(FIRST, 8, chosen=True)), case("s", due=8, held=at(FIRST, 8)),
    ]  # fmt: skip
    assert where(held, [FIRST._replace(places=2), SECOND._replace(places=9)]) == {
        "h": FIRST.ref, "p": FIRST.ref, "m": SECOND.ref, "s": SECOND.ref,
    }  # fmt: skip


def test_a_case_whose_sitting_is_cancelled_is_placed_again():
    assert where([case(held=at(PanelSitting("gone", LAST.day, 1)))], [FIRST, SECOND]) == {"c": SECOND.ref}


def test_the_class_of_a_case_follows_its_risk():
    for kind, risk in BY_RISK.items():
        assert worth(case(risk=risk)) is kind


def test_where_only_one_place_is_left_the_first_class_keeps_it_before_one_whom_a_person_moved():
    held = [case("p", due=8, held=at(FIRST, 8, chosen=True)), case("h", Risk.HIGH, 8, held=at(FIRST, 8))]
    settled = FIRST._replace(movable=False)  # where nobody could take it back afterwards
    assert where(held, [settled, SECOND._replace(places=9)]) == {"h": FIRST.ref, "p": SECOND.ref}
