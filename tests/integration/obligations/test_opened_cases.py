"""Whoever read only that there is a restricted case is told its present step once, when they may read the case."""

from typing import Any

import pytest

from config.days.london import at_london
from config.settings import settings
from flows.configured import configured
from flows.round_steps import whole_round
from tasks.outbox.delivery import deliver
from tests.support.verdicts import faults
from tests.worlds.days import day
from tests.worlds.one_case import OneCase, away, contact, left

THURSDAY, FRIDAY, SATURDAY = "Thu 19 Mar 2026", "Fri 20 Mar 2026", "Sat 21 Mar 2026"
MONDAY, TUESDAY = "Mon 23 Mar 2026", "Tue 24 Mar 2026"
OPENED = "Until now you could not read this case."


@pytest.fixture
def book(monkeypatch: pytest.MonkeyPatch, database: Any, run_cli: Any) -> OneCase:
    """A restricted case whose action is critical on Thursday, of which SPOC and owner read then that there is one."""
    monkeypatch.setenv("CASEBEAT_CLOCK", "virtual")
    made = OneCase(database, run_cli)
    made.restrict(by_link=False)
    live(made, THURSDAY)
    assert read(made, "SP1", THURSDAY) == [False]
    return made


def live(book: OneCase, on: str) -> None:
    """Decide at six, and deliver at eight."""
    decide(on)
    made = deliver(configured(), at_london(day(on)))
    assert not made.dead, made


def decide(on: str) -> None:
    made = whole_round(configured(), day(on), at_london(day(on)).replace(hour=6))
    assert not faults(made)


def give_access(book: OneCase, *refs: str) -> None:
    book.say("update contacts set restricted_access = true, changed = true where contact_ref = any(:refs)",
             refs=list(refs))  # fmt: skip


def lift(book: OneCase) -> None:
    book.say("update cases set restricted = false")
    book.changed()


def read(book: OneCase, ref: str, on: str) -> list[bool]:
    """Say of each letter of somebody's day whether it opens the case to them; it counts it alone where it does not."""
    words = letters(ref, on)
    assert all(("1 restricted case" in each) is not ("45/1234" in each) for each in words)
    return [OPENED in each and "45/1234" in each for each in words]


def letters(ref: str, on: str) -> list[str]:
    folder = settings().home / "mail" / "new"
    return [path.read_text("utf-8") for path in folder.glob(f"letter=3A{ref}=3Aemail=3A{day(on)}*")]


def opened(book: OneCase) -> list[Any]:
    return book.ask(
        """select distinct n.contact_ref, n.day, n.step_name, n.state from notifications n
           join obligations o on o.id = n.obligation_id where o.rule = 'action' and n.happening = 'opened'
           order by 1, 2"""
    )


def test_with_access_the_present_step_is_told_once_and_whoever_has_none_goes_on_with_the_count(book):
    give_access(book, "SP1")
    live(book, FRIDAY)
    assert read(book, "SP1", FRIDAY) == [True]
    assert letters("P1", FRIDAY) == []
    for on in (SATURDAY, MONDAY, TUESDAY):
        live(book, on)
    assert opened(book) == [("SP1", day(FRIDAY), "critical", "shown")]
    assert [OPENED in each for on in (MONDAY, TUESDAY) for each in letters("SP1", on)].count(True) == 0
    assert read(book, "P1", MONDAY) == [False]


@pytest.mark.parametrize("by_link", [False, True])
def test_when_the_mark_is_lifted_everyone_to_whom_the_step_leads_is_told(database, run_cli, monkeypatch, by_link):
    monkeypatch.setenv("CASEBEAT_CLOCK", "virtual")
    book = OneCase(database, run_cli)
    book.restrict(by_link=by_link)
    live(book, THURSDAY)
    lift(book)
    live(book, FRIDAY)
    for ref in ("P1", "S1", "SP1"):
        assert read(book, ref, FRIDAY) == [True], ref
    live(book, MONDAY)
    assert opened(book) == [(ref, day(FRIDAY), "critical", "shown") for ref in ("P1", "S1", "SP1")]


def test_access_between_the_decision_and_the_letter_is_in_time_and_nothing_is_told_again(
    database, run_cli, monkeypatch
):
    monkeypatch.setenv("CASEBEAT_CLOCK", "virtual")
    book = OneCase(database, run_cli)
    book.restrict(by_link=False)
    decide(THURSDAY)
    give_access(book, "SP1")
    deliver(configured(), at_london(day(THURSDAY)))
    (said,) = letters("SP1", THURSDAY)
    assert "45/1234" in said
    assert OPENED not in said
    live(book, FRIDAY)
    assert opened(book) == []


def test_access_on_a_day_off_is_told_of_on_the_next_working_day(book):
    live(book, FRIDAY)
    give_access(book, "SP1")
    live(book, SATURDAY)
    assert opened(book) == []
    live(book, MONDAY)
    assert opened(book) == [("SP1", day(MONDAY), "critical", "shown")]


def test_who_loses_access_before_the_letter_reads_the_count_and_is_told_when_they_have_it_again(book):
    give_access(book, "SP1")
    decide(FRIDAY)
    book.say("update contacts set restricted_access = false, changed = true where contact_ref = 'SP1'")
    deliver(configured(), at_london(day(FRIDAY)))
    assert read(book, "SP1", FRIDAY) == [False]
    give_access(book, "SP1")
    live(book, MONDAY)
    assert read(book, "SP1", MONDAY) == [True]


def test_a_possible_repeat_has_the_words_of_before_and_goes_on_withholding_the_case(book):
    (path,) = (settings().home / "mail" / "new").glob("letter=3ASP1=3A*")
    book.say(
        """update messages set state = 'retry', reason = 'may be a repeat', body = :body
           where contact_ref = 'SP1' and kind = 'letter'""",
        body=path.read_bytes(),
    )
    book.say("update notifications set state = 'retry' where contact_ref = 'SP1' and state = 'shown'")
    give_access(book, "SP1")
    assert deliver(configured(), at_london(day(THURSDAY)).replace(hour=9)).counts
    assert read(book, "SP1", THURSDAY) == [False]
    live(book, FRIDAY)
    assert read(book, "SP1", FRIDAY) == [True]


def test_what_has_ended_by_then_is_not_told(book):
    give_access(book, "SP1", "P1")
    book.say("update actions set status = 'done', closed_on = '2026-03-19'")
    book.changed()
    live(book, FRIDAY)
    assert opened(book) == []


def test_who_has_left_or_is_barred_is_told_nothing(book):
    book.say("update contacts set email = lower(contact_ref) || '@surrey.police.uk'")
    lift(book)
    left(book, "SP1", "2026-03-19")
    book.say("update cases set barred_refs = '{S1}'")
    live(book, FRIDAY)
    assert [ref for ref, *_ in opened(book)] == ["P1"]


def test_who_stands_in_for_somebody_told_of_an_opened_case_gets_the_step_as_such(book):
    contact(book, "D1", "officer", restricted_access=True)
    book.say("update contacts set deputy_ref = 'D1' where contact_ref = 'SP1'")
    give_access(book, "SP1")
    decide(FRIDAY)
    away(book, "SP1", "2026-03-20")
    deliver(configured(), at_london(day(FRIDAY)))
    assert letters("SP1", FRIDAY) == []
    (said,) = letters("D1", FRIDAY)
    assert "45/1234" in said
    assert OPENED not in said
