"""The rule `feed-stale`: a source sends again within its span."""

import pytest

from config.terms import EndReason, OwedBy
from models.rules import arithmetic
from models.rules.obligations.rulebook import evaluate_without_case
from models.rules.organisation_facts import ExpectedFact, FeedFact, FileFact
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


def answer(fact):
    ((rule, found),) = evaluate_without_case("feed-stale", fact, POLICY.rules, CALENDAR)
    assert rule == "feed-stale"
    return found


def test_a_file_that_is_left_out_is_owed_on_that_day_and_ends_when_it_comes():
    friday, saturday, monday = day("Fri 6 Mar 2026"), day("Sat 7 Mar 2026"), day("Mon 9 Mar 2026")
    owed = answer(FileFact("niche-45", "cases.csv", friday, saturday))
    assert (owed.subject, owed.owed_by) == ("source:niche-45/cases.csv", OwedBy.OPERATIONS)
    assert (owed.remind_on, owed.due_on, owed.escalate_on) == (saturday, saturday, day("Sun 8 Mar 2026"))
    assert arithmetic.sentence(owed.because, CALENDAR) == (
        "left out of the extract of Sat 7 Mar 2026; last sent Fri 6 Mar 2026"
    )
    ended = answer(FileFact("niche-45", "cases.csv", monday, None))
    assert (ended.subject, ended.end, ended.on) == ("source:niche-45/cases.csv", EndReason.MET, monday)


def test_a_file_that_never_came_and_a_source_that_never_came_are_owed_from_the_day_on_which_they_are_missed():
    first = day("Tue 3 Mar 2026")
    file = answer(FileFact("niche-45", "pleas.csv", None, first))
    assert (file.due_on, file.because[0].note) == (first, "never sent")
    source = answer(ExpectedFact("cms-se", first))
    assert (source.subject, source.due_on, source.done_on) == ("source:cms-se", first, None)
    assert arithmetic.sentence(source.because, CALENDAR) == "expected and never sent, missed since Tue 3 Mar 2026"


def test_the_policy_may_turn_it_off():
    values = POLICY.rules.model_dump(by_alias=True, exclude_none=True)
    values["feed-stale"]["enabled"] = False
    off = type(POLICY.rules).model_validate(values)
    feed = FeedFact("niche-45", day("Mon 2 Mar 2026"), POLICY.feeds.stale_after)
    assert list(evaluate_without_case("feed-stale", feed, off, CALENDAR)) == []
