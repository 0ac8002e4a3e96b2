"""A reader's situation: its numbers, what leads its headline, and that this is listed."""

from dataclasses import replace

import pytest

from config.terms import Risk, Severity
from tasks.messages.contexts import ObligationItem
from tasks.messages.letter.blocks import arranged
from tasks.messages.letter.contexts import ChangedCase, ChangedCases, Count, WhatChanged
from tasks.messages.letter.situation import AGAIN, Situation, counts_as, foremost
from tests.worlds.messages import LONGEST, due
from tests.worlds.samples import ACTION, CONTACT, LIMIT, REVIEW

SOON = replace(due(CONTACT, -1), severity=Severity.DUE_SOON, reference="45/SOON")


def critical(number: int, risk: Risk = Risk.HIGH, **given: object) -> ObligationItem:
    late = replace(due(ACTION, 9), severity=Severity.CRITICALLY_OVERDUE, risk=risk)
    return replace(late, reference=f"45/{number}", **{"stalls": False} | given)


def test_what_leads_an_officers_headline_is_listed_first_though_it_was_told_before() -> None:
    known = [critical(number, Risk.HIGH if number > 2 else Risk.MEDIUM) for number in range(1, 6)]
    whole = Situation([SOON, replace(SOON, rule="action", reference="45/OTHER"), *known])
    news = whole.items[:2]
    assert whole.counts(news) == (Count("critical", 5), Count("soon", 2))
    parts = arranged(
        [*news, *whole.again("critical", news, standing=False)], LONGEST, lambda entry: counts_as(entry, "critical")
    )
    assert [entry.reference for entry in parts.yours] == ["45/3", "45/4", "45/5", "45/OTHER"]
    assert foremost("critical", parts, None, None) == "45/3"
    assert whole.left_out(parts, None) == (Count("critical", 5 - AGAIN),)


@pytest.mark.parametrize("first", ["stalled", "within_7_days", "old", "critical", ""])
def test_nothing_is_listed_again_where_news_leads_the_headline_or_a_block_has_it_all(first: str) -> None:
    assert Situation([critical(1), critical(2), REVIEW, LIMIT]).again(first, [critical(1)], standing=False) == []


@pytest.mark.parametrize(("first", "item"), [("critical", None), ("soon", SOON), ("later", LIMIT)])
def test_a_standing_lists_what_is_late_and_the_letter_what_is_ahead(first: str, item: ObligationItem | None) -> None:
    ahead = replace(LIMIT, days=-20)
    whole = Situation([critical(1), SOON, ahead])
    again = whole.again(first, [], standing=True)
    assert again == ([] if item is None else [SOON] if item is SOON else [ahead])


def test_where_cases_are_counted_what_stalls_one_counts_as_the_case_and_the_others_are_said_to_be_more() -> None:
    items = [critical(1, stalls=True), critical(2)]
    assert Situation(items, stalled=4, by_case=True).counts(items) == (Count("stalled", 4), Count("besides", 1))
    assert Situation(items, by_case=True).counts(items) == (Count("critical", 1),)
    assert Situation(items).counts(items) == (Count("critical", 2),)


def test_a_danger_of_today_is_named_before_stalled_cases_beside_the_case_that_it_stalls() -> None:
    told = critical(1, rule="danger", stalls=True, at_once=True)
    told_before = replace(told, reference="45/2", at_once=False)
    items = [told, told_before, SOON]
    assert Situation(items, stalled=4, by_case=True).counts(items) == (
        Count("danger", 1), Count("stalled", 4), Count("soon", 1),
    )  # fmt: skip
    assert Situation(items).counts(items) == (Count("danger", 1), Count("critical", 1), Count("soon", 1))
    assert foremost("danger", arranged(items, LONGEST), None, None) == "45/1"


def test_of_stalled_cases_the_first_that_is_named_among_what_changed_leads() -> None:
    still = ChangedCases(cases=(ChangedCase(reference="45/OLD", risk=Risk.HIGH),))
    new = ChangedCases(cases=(ChangedCase(reference="45/NEW", risk=Risk.MEDIUM),))
    nothing = arranged([], LONGEST)
    assert foremost("stalled", nothing, None, WhatChanged(since=None, stalled=new, still=still)) == "45/NEW"
    assert foremost("stalled", nothing, None, WhatChanged(since=None, still=still)) == "45/OLD"
    assert foremost("stalled", arranged([critical(1, stalls=True)], LONGEST), None, None) == "45/1"
