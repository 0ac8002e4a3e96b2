"""A row without a valid value fails its own case only: the rest of the force is evaluated and notified."""

import pytest

from config.days.london import at_london
from flows.configured import configured
from flows.round_steps import force_round
from tests.worlds.days import day
from tests.worlds.one_case import OneCase

TODAY = day("Mon 16 Mar 2026")
BROKEN = {
    "a word of a later version": "update cases set risk = 'extreme' where case_ref = 'C7'",
    "a day beyond Python's years": "update cases set opened_on = '12000-01-01' where case_ref = 'C7'",
    "a day before Python's years": "update cases set last_act_on = '0044-03-15 BC' where case_ref = 'C7'",
    "no end of days": "update cases set opened_on = 'infinity' where case_ref = 'C7'",
    "an action's word": "update actions set status = 'mislaid' where action_ref = 'A7'",
    "an action's day": "update actions set due_on = '12000-01-01' where action_ref = 'A7'",
    "an obligation's day": "update obligations set due_on = '12000-01-01' where subject = 'action:A7'",
}


@pytest.fixture
def book(database, run_cli, monkeypatch):
    """Ten cases, each with an action, all evaluated once."""
    monkeypatch.setenv("CASEBEAT_CLOCK", "virtual")
    made = OneCase(database, run_cli)
    for number in range(1, 10):
        made.case(f"C{number}")
        made.belongs("actions", case_ref=f"C{number}", action_ref=f"A{number}0", kind="SEARCH", source="investigation",
                     owner_agency="police", status="pending", raised_on="2026-03-02")  # fmt: skip
    made.say("update actions set action_ref = 'A7' where action_ref = 'A70'")
    made.round("Tue 3 Mar 2026")
    return made


@pytest.mark.parametrize("statement", BROKEN.values(), ids=BROKEN)
def test_a_row_that_no_value_can_be_made_of_fails_its_case_alone(book, statement):
    book.say(statement)
    book.changed()
    made = force_round(configured(), "45", TODAY, at_london(TODAY))
    assert (made.account.evaluated, made.account.failed, made.account.open_cases) == (9, 1, 10)
    assert made.account.balances
    assert made.degraded
    (failure,) = book.ask("select failure from cases where projection = 'failed' and case_ref = 'C7'")
    assert failure.partition(", fault ")[0] in {"KeyError", "ValueError", "OutsideCalendar"}
    assert book.ask("select count(*) from cases where projection = 'evaluated'") == [9]


@pytest.mark.parametrize("statement", BROKEN.values(), ids=BROKEN)
def test_a_case_that_no_value_can_be_made_of_is_explained_by_a_sentence(book, statement):
    book.say(statement)
    ran = book.cli("explain", "45/C7", "--as-of", "2026-03-16")
    if ran.code:
        assert ran.err.startswith("casebeat: Case 45/C7 cannot be explained: one of its rows holds a value that this ")
        assert (ran.code, ran.out) == (2, "")
    else:
        assert "C7" in ran.out
    for command in ("stalled", "notifications"):
        assert book.cli(command).code == 0


def test_a_case_that_failed_is_evaluated_when_its_row_is_corrected(book):
    book.say("update cases set opened_on = '12000-01-01' where case_ref = 'C7'")
    book.changed()
    force_round(configured(), "45", TODAY, at_london(TODAY))
    book.say("update cases set opened_on = '2026-03-02' where case_ref = 'C7'")
    book.round("Tue 17 Mar 2026")
    assert book.ask("select count(*) from cases where failure is not null") == [0]


@pytest.mark.parametrize(
    ("statement", "named"),
    [
        ("update obligations set due_on = '12000-01-01' where subject = 'action:A7'", "0"),
        ("update obligations set owed_by = 'courts' where subject = 'action:A7'", "{id}"),
        ("update obligations set rule = 'of-a-later-version' where subject = 'action:A7'", "{id}"),
        ("update obligations set last_step = 9, taken_on = '{}' where subject = 'action:A7'", "{id}"),
    ],
)
def test_an_obligation_that_cannot_be_climbed_stops_no_other_and_is_told(book, statement, named):
    (broken,) = book.ask("select id from obligations where subject = 'action:A7'")
    book.say(statement)
    book.say("update obligations set next_step_on = least(next_step_on, '2026-03-16') where subject = 'action:A7'")
    made = force_round(configured(), "45", TODAY, at_london(TODAY))
    told = f"obligations that could not be climbed, all others were: {named.format(id=broken)}"
    assert (made.failure, made.passed_over, made.degraded) == (None, told, True)
    assert made.account.balances
    heard = book.ask("select distinct o.subject from notifications n join obligations o on o.id = n.obligation_id "
                     "where o.subject like 'action:%' order by 1")  # fmt: skip
    assert len(heard) == 9
    assert "action:A7" not in heard


def test_a_case_whose_risk_is_of_a_later_version_is_climbed_as_unknown(book):
    book.say("update cases set risk = 'extreme' where case_ref = 'C7'")
    made = force_round(configured(), "45", TODAY, at_london(TODAY))
    assert made.failure is None
    assert book.ask("select count(*) from notifications n join obligations o on o.id = n.obligation_id "
                    "where o.subject = 'action:A7'") == [1]  # fmt: skip
