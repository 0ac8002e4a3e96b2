"""Blocks of a letter: each matter in the first that fits, no time limit or order left out, every number explained."""

from collections import Counter
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.terms import Addressee, EndReason, Risk, Severity
from models.rules.obligations.ending import Ending
from tasks.messages.at_once import urgent_order
from tasks.messages.contexts import ObligationItem, TriedStep
from tasks.messages.letter import blocks
from tasks.messages.letter.blocks import arranged, counted, shortened
from tests.worlds.messages import LONGEST, due
from tests.worlds.samples import ACTION, CONTACT, DAY, DECISION, LIMIT, RESOLVED, REVIEW, SAMPLES, SPOC

ENDED = Ending(reason=EndReason.MET, ended_on=DAY)
OF_OTHERS = Addressee.COUNTERPART


@pytest.mark.parametrize(
    ("item", "block"),
    [
        pytest.param(due(LIMIT, -7), "limits", id="ends in 7 days"),
        pytest.param(due(replace(LIMIT, at_once=False), -7), "limits", id="whatever its manner"),
        pytest.param(due(LIMIT, 28), "limits", id="ran out 28 days ago"),
        pytest.param(due(replace(LIMIT, rule="order-expiry", addressee=OF_OTHERS), 0), "limits", id="whoever owes it"),
        pytest.param(due(LIMIT, -8), "at_once", id="ends in 8 days, at once"),
        pytest.param(due(LIMIT, 29), "at_once", id="ran out 29 days ago, at once"),
        pytest.param(due(replace(LIMIT, at_once=False), -8), "yours", id="ends in 8 days"),
        pytest.param(replace(REVIEW, at_once=True), "at_once", id="unresolved, of high risk"),
        pytest.param(replace(CONTACT, at_once=True), "at_once", id="at once before the victim"),
        pytest.param(CONTACT, "victim", id="contact"),
        *(
            pytest.param(replace(CONTACT, rule=rule), "victim", id=rule)
            for rule in ("risk-assessment", "breach-unanswered", "order-told", "victim-told", "bail-views")
        ),
        pytest.param(replace(CONTACT, addressee=OF_OTHERS), "victim", id="the victim first, whoever owes it"),
        pytest.param(ACTION, "yours", id="an action"),
        pytest.param(replace(ACTION, addressee=OF_OTHERS), "rest", id="what the other side owes"),
        pytest.param(RESOLVED, "resolved", id="ended"),
        pytest.param(replace(LIMIT, ended=ENDED), "resolved", id="a limit that ended"),
        pytest.param(replace(LIMIT, ended=replace(ENDED, lost=True)), "lost", id="a limit that was lost"),
    ],
)
def test_each_matter_stands_in_the_first_block_that_fits(item: ObligationItem, block: str) -> None:
    found = arranged([item], LONGEST)
    assert {name for name in found._fields if getattr(found, name)} == {block}


def test_the_blocks_are_as_long_as_the_policy_says() -> None:
    assert (LONGEST.victim, LONGEST.yours, LONGEST.at_once) == (8, 7, 7)


def test_high_and_unknown_risk_come_first_then_the_longest_overdue() -> None:
    items = [
        replace(due(ACTION, days), risk=risk, reference=f"45/{risk}{days}")
        for days in (1, 9)
        for risk in (Risk.STANDARD, Risk.MEDIUM, Risk.UNKNOWN, Risk.HIGH)
    ]
    found = [each.reference for each in arranged(items, LONGEST).yours]
    assert [set(found[:2]), set(found[2:4])] == [{"45/high9", "45/unknown9"}, {"45/high1", "45/unknown1"}]
    assert found[4:] == ["45/medium9", "45/medium1", "45/standard9"]


def test_before_them_comes_a_suspect_who_is_wanted() -> None:
    wanted = replace(due(ACTION, 1), rule="suspect-wanted", risk=Risk.STANDARD)
    high = replace(due(ACTION, 9), risk=Risk.HIGH)
    assert arranged([high, wanted], LONGEST).yours == (wanted, high)


def test_a_danger_that_is_said_for_the_first_time_is_not_left_out_for_those_that_are_said_again() -> None:
    (danger,) = SAMPLES["urgent-danger"][1].items
    again = [
        replace(due(danger, 2), reference=f"45/{number}", risk=Risk.HIGH, tried=(TriedStep(step="raised", on=DAY),))
        for number in range(LONGEST.at_once)
    ]
    new = replace(due(danger, 0), reference="45/new", risk=Risk.STANDARD, tried=())
    assert arranged([*again, new], LONGEST).at_once == (new, *again[:-1])


def test_a_mail_of_its_own_has_limits_by_their_day_then_dangers_of_high_or_unknown_risk_first() -> None:
    (danger,) = SAMPLES["urgent-danger"][1].items
    first, second = (replace(due(LIMIT, days), risk=risk) for days, risk in ((1, Risk.STANDARD), (0, Risk.HIGH)))
    medium, unknown = (replace(danger, risk=risk, reference=f"45/{risk}") for risk in (Risk.MEDIUM, Risk.UNKNOWN))
    review = replace(REVIEW, at_once=True, risk=Risk.HIGH)
    assert sorted([review, medium, unknown, second, first], key=urgent_order) == [
        first,
        second,
        unknown,
        medium,
        review,
    ]


def test_limits_stand_by_their_day_and_the_first_one_ran_out_first() -> None:
    items = [replace(due(LIMIT, days), reference=f"45/{days}", risk=Risk.STANDARD) for days in (-7, 3, 0, 28)]
    assert [each.days for each in arranged(items, LONGEST).limits] == [28, 3, 0, -7]


@st.composite
def matters(draw: st.DrawFn) -> ObligationItem:
    """A matter of any kind, its severity as its days make it."""
    days, late_after = draw(st.integers(-40, 60)), draw(st.integers(0, 10))
    severity = (
        Severity.DUE_SOON if days <= 0 else Severity.OVERDUE if days <= late_after else Severity.CRITICALLY_OVERDUE
    )
    ended = draw(st.sampled_from([None, None, None, ENDED]))
    return replace(
        draw(st.sampled_from([LIMIT, REVIEW, ACTION, CONTACT, DECISION])),
        reference=f"45/{draw(st.integers(1, 30))}",
        days=days, due_on=DAY - timedelta(days), severity=severity, risk=draw(st.sampled_from(Risk)),
        at_once=draw(st.booleans()), addressee=draw(st.sampled_from(Addressee)), ended=ended,
    )  # fmt: skip


@given(st.lists(matters(), max_size=60))
def test_no_matter_is_lost_or_told_twice_and_no_block_is_too_long(items: list[ObligationItem]) -> None:
    found = arranged(items, LONGEST)
    everywhere = Counter(blocks.key(each) for name in found._fields for each in getattr(found, name))
    assert set(everywhere) == {blocks.key(each) for each in items}
    assert set(everywhere.values()) <= {1}
    assert all(len(getattr(found, name)) <= getattr(LONGEST, name) for name in ("at_once", "victim", "yours"))
    assert [each for each in found.rest if each.ended is None and blocks.near(each)] == [], "limits are never cut short"


@given(st.integers(1, 100))
def test_a_letter_made_shorter_counts_what_it_leaves_out_and_keeps_its_limits_longest(number: int) -> None:
    letter = replace(SPOC, rest=(), standing=None)
    before, limits = len(letter.at_once) + len(letter.yours) + len(letter.victim) + len(letter.sittings), []
    while shortened(letter, number) != letter:
        limits.append((bool(letter.yours or letter.victim or letter.at_once), bool(letter.limits)))
        letter = shortened(letter, number)
    assert (True, False) not in limits, "a limit went before what is less urgent"
    assert sum(each.number for each in letter.rest) == before + 1 + 1


def test_what_ran_out_long_ago_is_counted_by_its_own_words() -> None:
    old, new = due(replace(LIMIT, at_once=False), 29), due(LIMIT, 28)
    assert [each.what for each in counted([old, new, due(LIMIT, -8), due(LIMIT, 0)])] == [
        "passed", "within_7_days", "later", "old",
    ]  # fmt: skip


def test_the_same_matter_owed_and_ended_are_two() -> None:
    ended = replace(ACTION, ended=ENDED)
    assert len(blocks.each_once([ACTION, ended, ACTION])) == 2
