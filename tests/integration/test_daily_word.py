"""The day's word to operations: of the whole, whatever part was run before; and of everything that failed."""

from flows import order
from flows.moment import at_london
from flows.order import whole_round
from tests.integration.one_case import OneCase
from tests.unit.days import day

TODAY = day("Tue 17 Mar 2026")


def words(book):
    return book.ask("select text from messages where kind = 'operations' and key like 'daily:%' order by id")


def test_a_round_of_one_force_does_not_stand_for_the_whole(database, run_cli):
    book = OneCase(database, run_cli)
    whole_round(TODAY, at_london(TODAY), only="45")
    book.say("update sources set covers = '{44,45}'")
    for _ in range(2):
        whole_round(TODAY, at_london(TODAY))
    part, whole = words(book)
    assert "Force 44" not in part
    assert "Force 44" in whole


def test_a_unit_of_no_force_that_fails_is_named(database, run_cli, monkeypatch):
    book = OneCase(database, run_cli)
    whole_round(TODAY, at_london(TODAY))

    def fails(*_):
        raise ValueError("Secret Words of hers")

    monkeypatch.setattr(order.feeds, "project_feeds", fails)
    assert whole_round(TODAY, at_london(TODAY)).degraded
    well, badly = words(book)
    assert "failed (" not in well
    assert "The book as a whole: failed (ValueError). Run the round again: casebeat run" in badly
