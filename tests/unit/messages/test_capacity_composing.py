"""The message about reviews without a place in time: what it lists for its reader, and when it is not sent."""

from datetime import date, timedelta

import pytest

from config.policy import load_policy
from config.terms import MessageKind, Risk, Severity
from models.queries.obligations.obligation_views import Reader
from models.queries.reviews.capacity import LateReview
from models.rules.people.readdressing import BARRED, LEFT
from models.rules.reviews.capacity import ExtraPlaces
from models.rules.reviews.convening import DueCase
from tasks.messages.capacity.composing import (
    LATE_AGAIN,
    NO_PANEL,
    NONE_DUE,
    NONE_LATE,
    CapacityBatch,
    pair_of,
    pairs_in,
)
from tasks.messages.capacity.contexts import CapacityContext
from tasks.messages.composing import ComposedMessage
from tasks.reviews.shortfall import Shortage
from tests.unit.messages.composed import TODAY, held, reader, world

HERE, THERE = ("45", "South East"), ("46", "London North")
UNTIL = TODAY + timedelta(days=21)


def late(ref: str, *, restricted: bool = False, risk: Risk = Risk.HIGH, due_on: date = TODAY) -> LateReview:
    due = DueCase(ref, risk, Severity.DUE_SOON, due_on, date(2026, 3, 2))
    return LateReview("45", None, restricted, None, None, None, due)


def short(*cases: LateReview, pair=HERE, panel: bool = True, until_on: date = UNTIL) -> Shortage:
    return Shortage(pair, panel, until_on, cases, (ExtraPlaces(len(cases), TODAY),) if cases else ())


def compose(
    how: str, *found: Shortage, to: Reader | None = None, ref: str | None = "P1", never: bool = False
) -> ComposedMessage:
    """Compose a message about these pairs; `never` is set if its reader was told of no case of the first before."""
    batch = CapacityBatch.__new__(CapacityBatch)
    batch._hidden = {}
    batch._about = {1: [one.pair for one in found]}
    batch._found = {(one.pair, frozenset()): one for one in found}
    batch._never_told = {(found[0].pair, ref)} if never else set()
    message = held(ref, key=f"convening:{how}:45:South East:P1", kind=MessageKind.CONVENING)
    return batch.compose(message, world(*[to] if to else []))


def said(how: str, *found: Shortage, **given) -> CapacityContext:
    made = compose(how, *found, **{"to": reader()} | given)
    assert isinstance(made.context, CapacityContext), made.nothing
    return made.context


@pytest.mark.parametrize(
    ("how", "found", "nothing"),
    [
        ("late", [short(late("1"))], ""),
        ("late", [short()], NONE_LATE),
        ("late", [short(), short(late("1"), pair=THERE)], ""),
        ("late", [short(late("1")), short(late("2"), pair=THERE, panel=False)], NO_PANEL),
        ("right", [short(), short(late("1"), pair=THERE)], LATE_AGAIN),
        ("late", [short(late("1"), panel=False)], NO_PANEL),
        ("right", [short()], ""),
        ("right", [short(late("1"))], LATE_AGAIN),
        ("right", [short(panel=False)], NO_PANEL),
        ("by-hand", [short(late("1"), panel=False)], ""),
        ("by-hand", [short(panel=False)], NONE_DUE),
        ("by-hand", [short(late("1"))], NONE_DUE),
        ("by-hand", [short(late("1")), short(late("2"), pair=THERE, panel=False)], ""),
    ],
)
def test_when_it_is_not_sent(how, found, nothing) -> None:
    assert compose(how, *found, to=reader()).nothing == nothing


def test_who_was_never_told_that_a_pair_lacks_places_does_not_hear_that_it_has_them_again() -> None:
    assert compose("right", short(), to=reader(), never=True).nothing == BARRED
    assert compose("right", short(), short(pair=THERE), to=reader(), never=True).nothing == BARRED
    assert compose("late", short(late("1")), to=reader(), never=True).nothing == ""


def test_who_has_left_or_has_no_address_gets_none_and_operations_do() -> None:
    assert compose("late", short(late("1"))).nothing == LEFT
    assert compose("late", short(late("1")), to=reader(email="")).nothing == LEFT
    assert compose("late", short(late("1")), ref=None).nothing == ""


def test_by_hand_only_pairs_without_a_panel_and_with_cases_are_named() -> None:
    found = said("by-hand", short(late("1")), short(late("2"), pair=THERE, panel=False), short(pair=HERE, panel=False))
    assert found.how == "by-hand"
    assert ([one.reference for one in found.cases], len(found.pairs)) == (["45/2"], 1)


def test_cases_stand_by_worth_whichever_their_pair() -> None:
    first = short(late("3", risk=Risk.MEDIUM), late("2"), until_on=UNTIL - timedelta(days=7))
    found = said("late", first, short(late("1", due_on=TODAY - timedelta(days=2)), pair=THERE))
    assert [(one.reference, one.days) for one in found.cases] == [("45/1", 2), ("45/2", 0), ("45/3", 0)]
    assert (found.late, found.until_on, [one.places for one in found.more]) == (3, UNTIL, [2, 1])


def test_a_restricted_case_is_listed_for_who_has_access_and_counted_for_others() -> None:
    found = short(late("1"), late("2", restricted=True))
    seen, counted = said("late", found, to=reader(access=True)), said("late", found)
    operations = said("late", found, ref=None, to=None)
    assert (len(seen.cases), seen.restricted) == (2, 0)
    assert (len(counted.cases), counted.restricted, counted.late) == (1, 1, 2)
    assert (len(operations.cases), operations.restricted, operations.reader) == (1, 1, "operations")


@pytest.mark.parametrize(("more", "left_out"), [(0, 0), (1, 1)])
def test_what_is_beyond_the_longest_list_is_left_out_and_in_the_attached_one(more: int, left_out: int) -> None:
    longest = load_policy().letter.longest.listed
    found = said("late", short(*(late(str(number)) for number in range(longest + more))))
    assert (len(found.cases), found.left_out, len(found.listed)) == (longest, left_out, longest + more)
    assert found.cut_short is bool(left_out)


@pytest.mark.parametrize("how", ["late", "right", "by-hand"])
def test_a_message_says_which_of_three_things_it_is_about(how) -> None:
    found = {"late": short(late("1")), "right": short(), "by-hand": short(late("1"), panel=False)}[how]
    assert said(how, found).how == how


def test_pairs_are_read_from_what_a_message_is_about() -> None:
    assert pairs_in("45/South East; 46/London North") == [HERE, THERE]
    assert pair_of("45/South East") == HERE
