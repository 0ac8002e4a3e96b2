"""A letter made shorter: what goes first, what is kept of it, and how what has gone is counted."""

from dataclasses import replace
from datetime import date

import pytest

from config.terms import Addressee, EndReason, Risk, Severity
from models.rules.obligations.ending import Ending
from tasks.messages.contexts import ObligationItem
from tasks.messages.letter import blocks
from tasks.messages.letter.blocks import shortened
from tasks.messages.letter.contexts import Count, LetterContext, StalledCase, Standing
from tests.worlds.messages import LONGEST, due
from tests.worlds.samples import ACTION, CONTACT, DAY, EVERYTHING, LIMIT, MEETING, RESOLVED, REVIEW, SPOC

ENDED = Ending(reason=EndReason.MET, ended_on=DAY)
LISTS = ("lost", "limits", "at_once", "victim", "yours", "resolved")
BARE = replace(SPOC, standing=None, rest=(), sittings=(), **dict.fromkeys(LISTS, ()))
FIRST, SECOND, THIRD = (replace(ACTION, reference=f"45/{number}") for number in (1, 2, 3))


def counts(letter: LetterContext) -> dict[str, int]:
    return {each.what: each.number for each in letter.rest}


@pytest.mark.parametrize(("number", "kept"), [(1, (FIRST, SECOND)), (2, (FIRST,)), (3, ()), (4, ())])
def test_the_last_matters_of_a_block_go_and_are_counted(number: int, kept: tuple[ObligationItem, ...]) -> None:
    letter = shortened(replace(BARE, yours=(FIRST, SECOND, THIRD)), number)
    assert (letter.yours, counts(letter)) == (kept, {"overdue": 3 - len(kept)})


def test_what_goes_is_added_to_what_had_gone_before() -> None:
    letter = replace(BARE, yours=(FIRST, SECOND, THIRD), rest=(Count("overdue", 4), Count("later", 2)))
    assert shortened(letter, 2).rest == (Count("overdue", 6), Count("later", 2))


@pytest.mark.parametrize(("number", "left"), [(1, 2), (2, 1), (3, 0), (4, 0)])
def test_of_a_standing_what_is_still_open_goes_first_and_then_its_stalled_cases(number: int, left: int) -> None:
    cases = tuple(
        StalledCase(reference=f"45/{n}", urn=None, risk=Risk.HIGH, since=DAY, days=0, owed=(REVIEW,), moves=())
        for n in (1, 2, 3)
    )
    whole = Standing(since=None, stalled=cases, still_open=(FIRST, SECOND, THIRD))
    letter = shortened(replace(BARE, yours=(ACTION,), standing=whole), number)
    assert letter.standing == replace(whole, still_open=(FIRST, SECOND, THIRD)[:left])
    assert (letter.yours, counts(letter)) == ((ACTION,), {"overdue": 3 - left})
    of_cases = shortened(replace(BARE, yours=(ACTION,), standing=replace(whole, still_open=())), number)
    assert of_cases.standing == replace(whole, still_open=(), stalled=cases[:left])
    assert (of_cases.yours, counts(of_cases)) == ((ACTION,), {"stalled": 3 - left})


def test_a_standing_without_a_stalled_case_goes_first_too() -> None:
    letter = shortened(replace(BARE, yours=(ACTION,), standing=Standing(since=None, still_open=(FIRST,))), 1)
    assert (letter.standing, letter.yours) == (Standing(since=None), (ACTION,))


def test_an_empty_standing_is_passed_over() -> None:
    letter = shortened(replace(BARE, yours=(ACTION,), standing=Standing(since=date(2026, 3, 9))), 1)
    assert (letter.yours, counts(letter)) == ((), {"overdue": 1})


def test_ended_matters_go_first_and_limits_last() -> None:
    letter = replace(
        BARE, limits=(LIMIT,), at_once=(replace(REVIEW, at_once=True),), victim=(CONTACT,), yours=(ACTION,),
        resolved=(RESOLVED,),
    )  # fmt: skip
    gone = []
    for _ in LISTS:
        before, letter = letter, shortened(letter, 1)
        gone += [name for name in LISTS if len(getattr(letter, name)) < len(getattr(before, name))]
    assert gone == ["resolved", "yours", "victim", "at_once", "limits"]
    assert counts(letter) == {"within_7_days": 1, "critical": 1, "overdue": 2, "resolved": 1}


@pytest.mark.parametrize(("number", "left"), [(1, 2), (2, 1), (3, 0), (4, 0)])
def test_where_no_matter_is_left_meetings_go(number: int, left: int) -> None:
    meetings = tuple(replace(MEETING, ref=f"45-{n}") for n in (1, 2, 3))
    letter = shortened(replace(BARE, sittings=meetings, taken_back=EVERYTHING.taken_back), number)
    assert (letter.sittings, letter.taken_back) == (meetings[:left], EVERYTHING.taken_back)
    assert counts(letter) == {"elsewhere": 3 - left}


def test_where_there_is_no_meeting_what_travels_in_the_letter_goes() -> None:
    letter = shortened(replace(BARE, taken_back=EVERYTHING.taken_back), 1)
    assert (letter.taken_back, counts(letter)) == (EVERYTHING.taken_back[:-1], {"elsewhere": 1})


def test_a_letter_with_nothing_to_leave_out_stays_as_it_is() -> None:
    assert shortened(BARE, 3) == BARE


@pytest.mark.parametrize(
    ("item", "kind"),
    [
        (due(LIMIT, 1), "passed"), (due(LIMIT, 28), "passed"), (due(LIMIT, 29), "old"),
        (due(LIMIT, 0), "within_7_days"), (due(LIMIT, -7), "within_7_days"), (due(LIMIT, -8), "later"),
        (replace(due(LIMIT, 1), addressee=Addressee.COUNTERPART), "passed"),
        (replace(ACTION, addressee=Addressee.COUNTERPART), "counterpart"), (ACTION, "overdue"),
        (replace(ACTION, severity=Severity.CRITICALLY_OVERDUE), "critical"),
        (replace(ACTION, severity=Severity.DUE_SOON), "soon"), (replace(ACTION, severity=Severity.NOT_DUE_YET), "soon"),
        (replace(LIMIT, ended=ENDED), "resolved"),
    ],
)  # fmt: skip
def test_each_matter_is_counted_as_one_kind(item: ObligationItem, kind: str) -> None:
    assert [(each.what, each.number) for each in blocks.counted([item, item])] == [(kind, 2)]


@pytest.mark.parametrize(
    ("changed", "stalls"),
    [
        ({}, True), ({"stalls": False}, False), ({"hard": True}, False), ({"ended": ENDED}, False),
        ({"severity": Severity.OVERDUE}, False),
    ],
)  # fmt: skip
def test_only_what_is_critically_overdue_and_stalls_is_counted_as_its_case(
    changed: dict[str, object], stalls: bool
) -> None:
    stalling = replace(ACTION, stalls=True, severity=Severity.CRITICALLY_OVERDUE)
    assert blocks.stalls(replace(stalling, **changed)) is stalls


def test_the_counts_of_a_letter_have_one_order_and_none_that_is_nothing() -> None:
    others = {"elsewhere": 1, "stalled": 3, "old": 0}
    found = blocks.counted([RESOLVED, ACTION, due(LIMIT, 0), due(LIMIT, 3)], **others)
    assert [each.what for each in found] == [
        "passed", "within_7_days", "stalled", "overdue", "resolved", "elsewhere",
    ]  # fmt: skip


def test_limits_stand_by_day_and_reference_whatever_their_risk() -> None:
    ends = [("45/3", 5, Risk.HIGH), ("45/2", 9, Risk.STANDARD), ("45/1", 5, Risk.MEDIUM), ("45/4", 5, Risk.HIGH)]
    items = [replace(due(LIMIT, days), reference=ref, risk=risk) for ref, days, risk in ends]
    found = blocks.arranged(items, LONGEST)
    assert [each.reference for each in found.limits] == ["45/2", "45/1", "45/3", "45/4"]


def test_what_is_of_no_case_stands_with_standard_risk() -> None:
    items = [
        replace(due(ACTION, days), risk=risk, reference=f"{risk or 'post'} {days}")
        for risk in (None, Risk.STANDARD, Risk.MEDIUM)
        for days in (1, 2)
    ]
    found = [each.reference for each in sorted(items, key=blocks.pressing)]
    assert found == ["medium 2", "medium 1", "post 2", "standard 2", "post 1", "standard 1"]
