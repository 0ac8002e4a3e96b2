"""A new owner, who takes a case over overnight or on a day without a round, hears of earlier notifications."""

from typing import Any

import pytest

from config.days.london import at_london
from models.queries.rounds import rounds
from tests.worlds.days import day
from tests.worlds.one_case import WholeBook


@pytest.fixture
def book(database: Any, run_cli: Any) -> WholeBook:
    return WholeBook(database, run_cli)


def heard(book: WholeBook, ref: str) -> list[Any]:
    """The hand-overs of the action to one person."""
    return [(on, step) for on, _, step, _, to, _ in book.heard("action") if to == ref]


def test_a_new_officer_hears_of_what_was_told_although_the_case_owes_more_of_which_nobody_was(book: WholeBook) -> None:
    book.contact("P2", "police", ["officer"], ["45"])
    book.rounds("Mon 16 Mar 2026", "Tue 17 Mar 2026")
    told = "select distinct last_step > 0 from obligations where case_id is not null and ended_on is null order by 1"
    assert book.ask(told) == [False, True]
    book.say("update contacts set changed = false")  # as after a whole round: only the case is another
    book.say("update cases set oic_ref = 'P2'")
    book.changed()
    book.round("Wed 18 Mar 2026")
    assert heard(book, "P2") == [(day("Wed 18 Mar 2026"), "overdue")]


def test_an_officer_who_starts_on_a_day_without_a_round_hears_of_it_in_the_next_one(book: WholeBook) -> None:
    book.contact("P2", "police", ["officer"], ["45"], active_from="2026-03-20")
    book.say("update cases set oic_ref = 'P2'")
    for on in ("Tue 17 Mar 2026", "Wed 18 Mar 2026", "Thu 19 Mar 2026"):
        book.whole_round(on)
    assert heard(book, "P2") == []
    book.whole_round("Mon 23 Mar 2026")
    assert heard(book, "P2") == [(day("Mon 23 Mar 2026"), "critical")]


def test_a_round_that_did_not_end_is_not_the_last_that_did(book: WholeBook) -> None:
    monday, tuesday = day("Mon 16 Mar 2026"), day("Tue 17 Mar 2026")
    with book.engine.begin() as connection:
        assert rounds.last_finished(connection, "45") is None
        ended = rounds.begin(connection, "45", monday, at_london(monday))
        rounds.finish(connection, ended, at_london(monday), {})
        rounds.begin(connection, "45", tuesday, at_london(tuesday))
        assert rounds.last_finished(connection, "45") == monday
        assert rounds.last(connection, "45") == rounds.last(connection, None) == ("45", tuesday)
        assert rounds.last(connection, "46") is None
