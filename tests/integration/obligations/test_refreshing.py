"""Lists project what has changed first, whichever day they are of."""

from tests.worlds.days import day
from tests.worlds.one_case import OneCase


def test_a_list_of_an_earlier_day_writes_nothing_under_a_day_before_the_last_round(database, run_cli):
    book = OneCase(database, run_cli)
    book.round("Tue 17 Mar 2026")
    book.action("A2", raised_on="2026-03-02")
    assert book.cli("obligations", "--as-of", "2026-03-10").code == 0
    began = book.ask("select began_on from obligations where subject = 'action:A2'")
    assert began == [day("Tue 17 Mar 2026")]
