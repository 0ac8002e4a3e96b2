"""The outcome of a case at the last sitting before this one, as an agenda shows it."""

from typing import Any

import pytest

from models.queries.reviews import agenda
from tests.worlds.days import day
from tests.worlds.one_case import OneCase
from tests.worlds.sittings import convene, sitting

NOW = "Tue 31 Mar 2026"


@pytest.fixture
def book(database: Any, run_cli: Any) -> OneCase:
    return OneCase(database, run_cli)


def recorded(book: OneCase, on: str, *decisions: str, stands: bool = True) -> None:
    """The case was before a sitting of that day, where this was decided."""
    if not book.ask(f"select 1 from sittings where day = '{day(on)}'"):
        convene(book, sitting(book, on))
    book.say(
        """insert into outcomes (convening_id, held, police_attended, cps_attended, decisions, by_ref, recorded_on,
                                 recorded_at, stands)
           select v.id, true, true, true, :decisions, 'SP1', s.day, s.starts_at, :stands
           from convenings v join sittings s on s.id = v.sitting_id where s.day = :on""",
        decisions=list(decisions), stands=stands, on=day(on),
    )  # fmt: skip
    book.say("update convenings set ended_on = '2026-03-25', \"end\" = 'held'")


def last(book: OneCase, before: str = NOW) -> Any:
    """The day and the decisions of the case's last outcome before a sitting."""
    if not book.ask(f"select 1 from sittings where day = '{day(before)}'"):
        convene(book, sitting(book, before))
    (number,) = book.ask(f"select id from sittings where day = '{day(before)}'")
    (case,) = book.ask("select id from cases")
    with book.engine.begin() as connection:
        found = agenda.last_reviews(connection, [case], number)
    return (found[case].on, [one.value for one in found[case].decisions]) if found else None


@pytest.mark.parametrize("days", [("Tue 10 Mar 2026", "Tue 17 Mar 2026"), ("Tue 17 Mar 2026", "Tue 10 Mar 2026")])
def test_the_latest_sitting_counts_whichever_outcome_was_recorded_first(book: OneCase, days: tuple[str, str]) -> None:
    for on in days:
        recorded(book, on, "continue" if on == "Tue 17 Mar 2026" else "close")
    assert last(book) == (day("Tue 17 Mar 2026"), ["continue"])


def test_the_sitting_that_the_agenda_is_of_does_not_count(book: OneCase) -> None:
    recorded(book, "Tue 10 Mar 2026", "continue")
    assert last(book, "Tue 10 Mar 2026") is None


def test_a_word_that_was_mended_does_not_count(book: OneCase) -> None:
    recorded(book, "Tue 10 Mar 2026", "continue", stands=False)
    assert last(book) is None
    recorded(book, "Tue 10 Mar 2026", "submit_to_cps")
    assert last(book) == (day("Tue 10 Mar 2026"), ["submit_to_cps"])
