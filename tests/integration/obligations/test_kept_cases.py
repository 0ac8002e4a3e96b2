"""A case that is finalised is kept for its orders: they are projected, climbed, told and explained as before."""

import pytest

from config.days.london import at_london
from flows.configured import configured
from tasks.obligations.projection import project
from tests.worlds.days import day
from tests.worlds.one_case import OneCase

ORDER = {"order_ref": "O1", "kind": "restraining_order", "made_on": "2026-03-02", "victim_told_on": "2026-03-02"}
LIVE = "select rule, subject, owed_by, due_on::text from obligations where ended_on is null order by 1"


@pytest.fixture
def closed(database, run_cli) -> OneCase:
    """A case finalised by a conviction, whose restraining order is about to end."""
    book = OneCase(database, run_cli)
    book.belongs("orders", **ORDER, expires_on="2026-06-15")
    book.round("Mon 9 Mar 2026")
    book.say("update cases set finalised_on = '2026-03-10', finalised_reason = 'charged_and_disposed'")
    book.changed()
    return book


def test_a_finalised_cases_restraining_order_is_watched_until_it_ends(closed):
    closed.round("Tue 10 Mar 2026")
    assert closed.ask(LIVE) == [("order-expiry", "order:O1", "both", "2026-06-15")]
    assert "finalised" in closed.ask("select end_reason from obligations where ended_on is not null")
    closed.round("Mon 16 Mar 2026")
    assert closed.steps("order-expiry") == [(day("Mon 16 Mar 2026"), "reminder", "taken", "")]
    closed.rounds("Mon 18 May 2026", "Tue 16 Jun 2026")
    assert [step[:3] for step in closed.steps("order-expiry")][1:] == [
        (day("Mon 18 May 2026"), "expiring", "taken"),
        (day("Mon 1 Jun 2026"), "two-weeks", "taken"),
        (day("Mon 8 Jun 2026"), "one-week", "taken"),
        (day("Fri 12 Jun 2026"), "last-day", "taken"),
        (day("Tue 16 Jun 2026"), "expired", "taken"),
    ]


def test_explain_of_a_finalised_case_tells_of_the_order_that_is_about_to_end(closed):
    told = closed.explain("Mon 1 Jun 2026").out
    assert "Finalised Tue 10 Mar 2026" in told
    assert "OWED (1)" in told
    assert "Runs from: order expires, Mon 15 Jun 2026." in told
    assert "* Risk assessment: the case is finalised." in told


@pytest.mark.parametrize(("reason", "owed_by"), [("nfa_police", "police"), ("nfa_cps", "both")])
def test_no_further_action_asks_for_a_review_and_for_the_victim_to_be_told(closed, reason, owed_by):
    closed.say(f"update cases set finalised_reason = '{reason}'")
    closed.changed()
    closed.round("Tue 10 Mar 2026")
    assert ("nfa-review", "case", owed_by, "2026-03-11") in closed.ask(LIVE)
    closed.say("update cases set nfa_reviewed_on = '2026-03-10', nfa_victim_told_on = '2026-03-10'")
    closed.changed()
    closed.round("Wed 11 Mar 2026")
    assert closed.ask("select end_reason from obligations where rule = 'nfa-review'") == ["met"]


def test_an_order_given_by_urn_belongs_to_the_first_case_that_is_kept(database, run_cli):
    """The open case is the principal, and is neither stalking nor harassment: the finalised one keeps the order."""
    book = OneCase(database, run_cli, finalised_on="2026-03-04", finalised_reason="charged_and_disposed")
    book.case("45/0001", classification="other", opened_on="2026-03-01")
    book.say(
        """insert into case_keys (urn_root) values ('45ZZ0000001');
           update cases set urn_key_id = (select id from case_keys where urn_root = '45ZZ0000001')"""
    )
    book.belongs("orders", **ORDER, expires_on="2026-06-15")
    book.say("update orders set key_id = (select id from case_keys where urn_root = '45ZZ0000001')")
    book.changed()
    book.round("Tue 10 Mar 2026")
    kept = "select c.case_ref from obligations o join cases c on c.id = o.case_id where o.rule = 'order-expiry'"
    assert book.ask(kept) == ["45/1234"]
    book.say("update cases set classification = 'stalking' where case_ref = '45/0001'")
    book.changed()
    book.round("Wed 11 Mar 2026")
    assert book.ask(f"{kept} and ended_on is null") == ["45/0001"]
    assert book.ask("select end_reason from obligations where rule = 'order-expiry' and ended_on is not null") == [
        "out_of_scope"
    ]


def test_a_case_reopened_takes_its_obligations_up_again(closed):
    closed.round("Tue 10 Mar 2026")
    closed.say("update cases set finalised_on = null, finalised_reason = null")
    closed.changed()
    closed.round("Mon 16 Mar 2026")
    again = "select rule, max(version) from obligations where ended_on is null and rule = any(%s) group by 1"
    again = again.replace("%s", "'{joint-review,risk-assessment,order-expiry}'") + " order by 1"
    assert closed.ask(again) == [("joint-review", 2), ("order-expiry", 1), ("risk-assessment", 2)]


def test_the_whole_book_is_projected_with_the_closed_cases_that_are_kept(closed):
    made = project(configured(), "45", day("Tue 10 Mar 2026"), at_london(day("Tue 10 Mar 2026")))
    assert (made.to_project, made.open_cases, made.evaluated) == (1, 0, 1)
    again = project(configured(), "45", day("Tue 10 Mar 2026"), at_london(day("Tue 10 Mar 2026")), everything=True)
    assert (again.evaluated, again.unchanged, again.changes) == (1, 0, 0)
    after = project(configured(), "45", day("Tue 10 Mar 2026"), at_london(day("Tue 10 Mar 2026")))
    assert (after.evaluated, after.unchanged) == (0, 1)
    assert made.balances
    assert again.balances
    assert after.balances
