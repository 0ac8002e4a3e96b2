"""The round's page for operations: stalled cases, the state of the outbox, late sources."""

from typing import Any

import pytest

from config.days.london import at_london
from flows.configured import configured
from flows.round_steps import whole_round
from tasks.obligations.projection import ProjectionAccount
from tasks.rounds import summary
from tasks.rounds.verdict import ForceLine, RoundContent
from tests.worlds.days import day
from tests.worlds.one_case import OneCase

MONDAY = day("Mon 20 Apr 2026")


@pytest.fixture
def book(database: Any, run_cli: Any) -> OneCase:
    """One case that has been stalled for weeks, and another whose reference has characters special to Markdown."""
    made = OneCase(database, run_cli)
    made.case("45|[9](x)", opened_on="2026-02-02")
    return made


def table(heading: str, on: Any = MONDAY) -> list[str]:
    """The rows and text under one heading of a round's page."""
    page = summary.page(configured(), whole_round(configured(), on, at_london(on)).content, on)
    return [line for line in page.partition(f"## {heading}\n")[2].partition("\n## ")[0].splitlines() if line][2:]


def test_stalled_cases_are_listed_the_longest_first(book):
    first, second = table("Stalled cases")
    assert first.startswith("| 45/45\\|\\[9\\](x) | Wed 18 Feb 2026 | 61 | ")
    assert second.startswith("| 45/45/1234 | ")
    assert "action owed by police" in second


def test_a_restricted_case_is_counted_and_not_named(book):
    book.say("update cases set restricted = true, projection = 'changed' where case_ref = '45/1234'")
    rows = table("Stalled cases")
    assert len(rows) == 2
    assert "45/1234" not in "".join(rows)
    assert rows[1] == "And 1 restricted or barred to somebody, counted above but not listed here."


def test_no_more_are_listed_than_a_message_may_hold(book):
    for number in range(41):
        book.case(f"M{number}")
    rows = table("Stalled cases")
    assert len(rows) == 41
    assert rows[40] == "And 3 more: `casebeat stalled`."


def test_the_page_states_that_nothing_is_stalled(book):
    assert table("Stalled cases", day("Tue 3 Feb 2026")) == ["| none | | | |"]


def test_a_source_that_stopped_sending_is_late_from_its_day_on(book):
    book.say("update sources set last_extracted_at = '2026-04-18T03:00Z'")
    for on in ("Sun 19 Apr 2026", "Mon 20 Apr 2026"):
        assert table("Feeds", day(on)) == ["| niche-45 | 45 | Sat 18 Apr 2026 | by Mon 20 Apr 2026 |"]
    for on in ("Tue 21 Apr 2026", "Tue 28 Apr 2026"):
        assert table("Feeds", day(on)) == ["| niche-45 | 45 | Sat 18 Apr 2026 | **LATE** |"]


def test_what_was_said_on_earlier_days_is_not_counted_again(book):
    book.say(
        """insert into messages (key, kind, channel, day, state, due_at) values
           ('old', 'letter', 'email', '2026-03-02', 'sent', '2026-03-02T08:00Z'),
           ('lost', 'letter', 'email', '2026-03-02', 'dead', '2026-03-02T08:00Z')"""
    )
    rows = table("Outbox")
    assert "| dead | 1 |" in rows
    assert not [row for row in rows if row.startswith("| sent")]


def test_a_forces_row_has_its_counts_its_steps_and_whether_they_balance(book):
    account = ProjectionAccount("45", to_project=9, open_cases=7, evaluated=5, unchanged=3, failed=1, changes=2)
    done = ForceLine("45", account, chased=2, escalated=1, said=4, failure=None)
    short = ForceLine("46", account._replace(force_code="46", failed=0), 0, 0, 0, None, passed_over="passed over 2")
    lost = ForceLine("47", None, 0, 0, 0, "failed (OSError)")
    whole_round(configured(), MONDAY, at_london(MONDAY))
    page = summary.page(configured(), RoundContent((done, short, lost)), MONDAY)
    assert [line for line in page.splitlines() if line.startswith("| 4")][:3] == [
        "| 45 | done | 9 | 7 | 1 | 2  | 3 | 4 | 5 | 3 | yes |",
        "| 46 | passed over 2 | 9 | 7 | 0 | 0  | 0 | 0 | 5 | 3 | NO |",
        "| 47 | failed (OSError) | ? | ? | ? | 0  | ? | ? | ? | ? | ? |".replace("?", "\N{EN DASH}"),
    ]
