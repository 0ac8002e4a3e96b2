"""Obligations together in a message: their order, their groups, and the counts of a reader's whole situation."""

from datetime import timedelta

import pytest

from flows.configured import configured
from tasks.messages.contexts import SituationCounts
from tasks.messages.itemising import GROUPS, grouped, item, ordered, situation
from tests.worlds.days import row
from tests.worlds.messages import ENDED, TODAY, owed, view

CRITICAL, OVERDUE, SOON = -3, -1, 2  # days to the due day, by which each is so late


def of(ref, due, **changed):
    return item(configured(), view(due=due, with_case_ref=ref, **changed), None, TODAY)


def named(items):
    return [(one.reference, one.rule) for one in items]


def test_items_are_ordered_by_group_and_in_it_by_day_reference_and_rule():
    worst = [
        of("9", 5, hard=True),
        of("8", 6, hard=True),
        of("7", CRITICAL),
        of("5", OVERDUE, rule="action"),
        of("5", OVERDUE, rule="plea"),
        of("6", OVERDUE),
        of("4", SOON),
        of("3", SOON + 1),
        of("1", CRITICAL, **ENDED),
    ]
    assert [one.group for one in worst] == [
        "hard", "hard", "critical", "overdue", "overdue", "overdue", "soon", "soon", "resolved",
    ]  # fmt: skip
    assert named(ordered(reversed(worst))) == named(worst)


def test_a_group_counts_what_is_not_shown_and_an_empty_one_is_left_out():
    everything = ordered([of("1", CRITICAL), of("2", OVERDUE), of("3", OVERDUE), of("4", SOON)])
    found = grouped(everything[:2], everything)
    assert [(one.name, len(one.items), one.count) for one in found] == [
        ("critical", 1, 1), ("overdue", 1, 2), ("soon", 0, 1),
    ]  # fmt: skip
    assert all(each.group == one.name for one in found for each in one.items)
    assert [one.name for one in found] == [name for name in GROUPS if name not in {"hard", "resolved"}]


def matter(number, due, *, hard=False, stalls=False, **changed):
    made = owed("action", due, hard=hard).matter
    return made._replace(**{"obligation_id": number, "stalls": stalls, "case_ref": f"45/{number}", **changed})


@pytest.mark.parametrize(
    ("matters", "counted"),
    [
        row("nothing", [], {}),
        row("a clock that ran out yesterday", [matter(1, -1, hard=True)], {"passed": 1}),
        row("a clock that ends today", [matter(1, 0, hard=True)], {"within_7_days": 1}),
        row("a clock in seven days", [matter(1, 7, hard=True)], {"within_7_days": 1}),
        row("a clock in eight days", [matter(1, 8, hard=True)], {"later_clocks": 1}),
        row("what stalls and is critical", [matter(1, CRITICAL, stalls=True)], {"stalled": 1}),
        row("what stalls and is overdue", [matter(1, OVERDUE, stalls=True)], {"overdue": 1}),
        row("what is critical and does not stall", [matter(1, CRITICAL)], {"critical": 1}),
        row("a hard day that stalls", [matter(1, CRITICAL, hard=True, stalls=True)], {"stalled": 1, "passed": 1}),
        row("soon, and not yet", [matter(1, SOON), matter(2, 9)], {"soon": 2}),
        row("one obligation twice", [matter(1, OVERDUE), matter(1, OVERDUE)], {"overdue": 1}),
        row("what has ended", [matter(1, OVERDUE, ended_on=TODAY - timedelta(days=1))], {}),
        row(
            "two that stall one case, one that stalls another",
            [matter(1, CRITICAL, stalls=True, case_ref="45/1"), matter(2, CRITICAL, stalls=True, case_ref="45/1"),
             matter(3, CRITICAL, stalls=True)],
            {"stalled": 2},
        ),
    ],
)  # fmt: skip
def test_a_situation_counts_each_thing_once(matters, counted):
    assert situation(matters, 0, TODAY) == SituationCounts(**counted)


def test_what_a_reader_may_not_know_is_counted_apart():
    assert situation([], 3, TODAY) == SituationCounts(restricted=3)
