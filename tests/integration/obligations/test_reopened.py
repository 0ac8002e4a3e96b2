"""A case that is reopened: what it owes is taken up again as new versions, and explain tells of the earlier ones."""

import pytest

from tests.worlds.days import day
from tests.worlds.extracts import a_case
from tests.worlds.intake import Intake
from tests.worlds.one_case import OneCase

LIVE = "select rule, version, due_on::text, began_on::text from obligations where ended_on is null order by 1"


def finalise(book: OneCase, on: str, reason: str = "administrative") -> None:
    book.say("update cases set finalised_on = :on, finalised_reason = :reason", on=day(on), reason=reason)
    book.changed()
    book.round(on)


def reopen(book: OneCase, on: str) -> None:
    """What intake writes when the source sends the case with no day on which it was finalised."""
    book.say("update cases set finalised_on = null, finalised_reason = null")
    book.changed()
    book.round(on)


@pytest.fixture
def book(database, run_cli) -> OneCase:
    made = OneCase(database, run_cli)
    made.rounds("Mon 2 Mar 2026", "Wed 4 Mar 2026")
    return made


def test_it_owes_nothing_while_it_is_finalised_and_all_of_it_again_as_new_versions(book):
    before = book.ask(LIVE)
    finalise(book, "Thu 5 Mar 2026")
    book.rounds("Fri 6 Mar 2026", "Thu 19 Mar 2026")
    assert not {rule for rule, *_ in book.ask(LIVE)} & {rule for rule, *_ in before}
    reopen(book, "Fri 20 Mar 2026")
    assert book.ask(LIVE) == [(rule, 2, due_on, "2026-03-20") for rule, _, due_on, _ in before]
    ended = book.ask(
        "select rule, ended_on::text, end_reason from obligations where version = 1 and ended_on is not null"
    )
    assert {(rule, "2026-03-05", "finalised") for rule, *_ in before} <= set(ended)


def test_explain_tells_of_the_versions_before(book):
    finalise(book, "Thu 5 Mar 2026")
    reopen(book, "Fri 20 Mar 2026")
    told = book.explain("Fri 20 Mar 2026").out
    said = (
        "  Before:    version 1 ended on Thu 5 Mar 2026, because the case was finalised. The case was reopened: it is"
    )
    assert told.count(f"{said} owed again since Fri 20 Mar 2026.\n") == len(book.ask(LIVE))
    assert "* Risk assessment, version 1, due Wed 4 Mar 2026: the case was finalised (Thu 5 Mar).\n" in told
    assert "version 2).\n" in told


def test_it_is_climbed_from_the_first_step_where_it_was_finalised_for_long(book):
    finalise(book, "Thu 5 Mar 2026")
    reopen(book, "Fri 20 Mar 2026")
    steps = [(name, outcome) for on, name, outcome, _ in book.steps("risk-assessment") if on == day("Fri 20 Mar 2026")]
    assert steps == [("critical", "taken")]


def test_it_carries_on_where_it_was_finalised_by_mistake_and_reopened_within_a_week(book):
    finalise(book, "Thu 5 Mar 2026")
    reopen(book, "Mon 9 Mar 2026")
    found = book.ask("select version, chain_from, last_step from obligations where rule = 'risk-assessment' order by 1")
    assert [one[:2] for one in found] == [(1, 1), (2, 1)]
    assert found[1][2] >= found[0][2] > 0
    assert "  Before:    version 1 ended on Thu 5 Mar 2026" in book.explain("Mon 9 Mar 2026").out


def test_a_case_that_is_reopened_twice_tells_of_the_latest(book):
    finalise(book, "Thu 5 Mar 2026")
    reopen(book, "Fri 20 Mar 2026")
    finalise(book, "Mon 23 Mar 2026")
    reopen(book, "Tue 7 Apr 2026")
    told = book.explain("Tue 7 Apr 2026").out
    assert "  Before:    version 2 ended on Mon 23 Mar 2026" in told
    assert "  Before:    version 1" not in told
    assert {version for _, version, *_ in book.ask(LIVE)} == {3}


def test_a_review_that_the_victim_asked_for_reopens_it_and_the_review_of_its_end_ends(book):
    finalise(book, "Thu 5 Mar 2026", "nfa_police")
    assert [rule for rule, *_ in book.ask(LIVE)] == ["nfa-review"]
    reopen(book, "Fri 20 Mar 2026")
    assert book.ask("select end_reason from obligations where rule = 'nfa-review'") == ["out_of_scope"]


def test_a_source_that_sends_no_day_any_more_reopens_its_case(database, tmp_path):
    intake = Intake(database, tmp_path)
    intake.sends({"cases.csv": [a_case(finalised_on="2026-11-20", finalised_reason="nfa_cps")]})
    intake.settle()
    intake.sends({"cases.csv": [a_case()]})
    assert intake.rows("select finalised_on, finalised_reason from cases") == [(None, None)]
    assert intake.changed == ["C1"]
