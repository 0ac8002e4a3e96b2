"""A rule that came with an upgrade: what was due under it before begins with its reminder, and then has its time."""

import json
from typing import Any

import pytest

from models.rules.obligations.rulebook import RULES
from tests.worlds.one_case import WholeBook

NEW = {"action", "bail-end"}


@pytest.fixture
def book(database: Any, run_cli: Any) -> WholeBook:
    """A book in use, whose version had neither of these rules."""
    made = WholeBook(database, run_cli, suspect_status="bail", bail_ends_on="2026-04-10")
    met = json.dumps(dict.fromkeys(sorted(RULES.keys() - NEW)))
    made.say("insert into switches values ('met rules', :met, '2026-03-01', 'casebeat')", met=met)
    return made


def heard(book: WholeBook, rule: str) -> list[tuple[str, str, str]]:
    return sorted({(f"{on:%-d %b}", step, ref or "operations") for on, _, step, _, ref, _ in book.heard(rule)})


def test_what_was_overdue_under_a_new_rule_goes_to_its_owner_and_no_further_for_five_days(
    book: WholeBook,
) -> None:
    book.rounds("Mon 30 Mar 2026", "Wed 8 Apr 2026")
    critical = [("8 Apr", "critical", ref) for ref in ("P1", "S1", "SP1")]
    assert heard(book, "action") == [("30 Mar", "reminder", "P1"), *critical]  # five working days, over Easter


def test_a_time_limit_under_a_new_rule_is_told_in_full_on_the_first_morning(book: WholeBook) -> None:
    book.round("Mon 30 Mar 2026")
    assert {(step, who) for _, step, who in heard(book, "bail-end")} == {
        ("two-weeks", who) for who in ("P1", "S1", "SP1", "CS1")
    }


def test_explain_says_that_the_rule_is_new_and_when_it_goes_further(book: WholeBook) -> None:
    book.round("Mon 30 Mar 2026")
    said = book.explain("Mon 30 Mar 2026").out
    assert "New:       Casebeat asks for this here since Mon 30 Mar 2026" in said
    assert "To come:   Wed 8 Apr 2026: notice to the SPOC" in said


def test_a_book_that_begins_has_no_new_rules(database: Any, run_cli: Any) -> None:
    begun = WholeBook(database, run_cli)
    begun.round("Mon 30 Mar 2026")
    (met,) = begun.ask("select value from switches where name = 'met rules'")
    assert json.loads(met) == dict.fromkeys(RULES)
    assert ("30 Mar", "critical", "SP1") in heard(begun, "action")
