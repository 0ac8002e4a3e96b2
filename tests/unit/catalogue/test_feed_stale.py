"""The rule `feed-stale`: a source sends again within its span."""

import pytest

from config.terms import OwedBy
from models.rules import arithmetic
from models.rules.obligations.rulebook import evaluate_without_case
from models.rules.organisation_facts import FeedFact
from tests.worlds.days import day, row
from tests.worlds.facts import CALENDAR, POLICY


@pytest.mark.parametrize(
    ("last", "due", "escalate"),
    [
        row("thirty-six hours are two days", "Mon 2 Mar 2026", "Wed 4 Mar 2026", "Thu 5 Mar 2026"),
        row("a weekend is no excuse", "Fri 6 Mar 2026", "Sun 8 Mar 2026", "Mon 9 Mar 2026"),
    ],
)
def test_a_source_that_has_sent_before_sends_again_within_two_days(last, due, escalate):
    feed = FeedFact("niche-45", last, POLICY.feeds.stale_after)
    ((rule, found),) = evaluate_without_case("feed-stale", feed, POLICY.rules, CALENDAR)
    assert (rule, found.subject, found.owed_by) == ("feed-stale", "source:niche-45", OwedBy.OPERATIONS)
    assert (found.remind_on, found.due_on, found.escalate_on, found.done_on) == (due, due, escalate, last)
    assert arithmetic.sentence(found.because, CALENDAR).startswith("last extract taken ")


def test_the_policy_may_turn_it_off():
    values = POLICY.rules.model_dump(by_alias=True, exclude_none=True)
    values["feed-stale"]["enabled"] = False
    off = type(POLICY.rules).model_validate(values)
    feed = FeedFact("niche-45", day("Mon 2 Mar 2026"), POLICY.feeds.stale_after)
    assert list(evaluate_without_case("feed-stale", feed, off, CALENDAR)) == []
