"""A purge beside a hold and beside an intake: one waits for the other, and nothing is left between the two."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import text

from config.doors import Door
from config.retention import HoldReason
from flows.configured import configured
from models.errors import Refuse
from models.queries.intake import extracts
from models.queries.retention import erasing, over
from models.rules.people.act import Act
from models.rules.references import CaseReference
from tasks.retention import facts, holds
from tasks.retention.holds import HoldWish
from tests.faults.waiting import eventually, waits_for_another
from tests.integration.retention.over_book import OverBook
from tests.worlds.days import day
from tests.worlds.rows import AT_NINE

UNTIL, ON = day("Mon 1 Jun 2026"), day("Tue 1 Jun 2027")
CASE, ACT = CaseReference("45", "45/1234"), Act("SP1", Door.COMMAND, "x")


@pytest.fixture
def book(database, run_cli, monkeypatch):
    made = OverBook(database, run_cli, monkeypatch)
    made.finalise("Wed 1 Apr 2026")
    made.settled()
    return made


def purge():
    return facts.erase(configured(), UNTIL, ON, AT_NINE, "x", lambda *_: None).found


def until_one_waits(book):
    eventually(lambda: waits_for_another(book.engine))


def test_a_hold_that_comes_while_its_case_is_erased_finds_no_case(book, monkeypatch):
    erase = erasing.erase
    with ThreadPoolExecutor(1) as pool:
        late = []

        def slow(*given):
            late.append(pool.submit(holds.hold, configured(), CASE, HoldWish(HoldReason.INQUEST), ACT, ON, AT_NINE))
            until_one_waits(book)
            erase(*given)

        monkeypatch.setattr(erasing, "erase", slow)
        assert purge() == 1
        with pytest.raises(Refuse, match="There is no case 45/45/1234"):
            late[0].result(10)
    assert book.ask("select count(*) from holds") == [0]


def test_a_purge_waits_for_a_hold_that_came_first(book):
    with ThreadPoolExecutor(1) as pool:
        with book.engine.begin() as connection:
            book_holds = over.groups(connection, UNTIL)
            assert len(book_holds) == 1
            connection.execute(text("select from cases for key share"))
            connection.execute(text("insert into holds (case_id, reason, by_ref, door, through_ref, held_at) "
                                    "select id, 'inquest', 'SP1', 'command', 'x', now() from cases"))  # fmt: skip
            late = pool.submit(purge)
            until_one_waits(book)
        assert late.result(10) == 0
    assert book.ask("select count(*) from cases") == [1]


def test_a_purge_waits_for_an_intake_and_judges_what_it_brought(book):
    with ThreadPoolExecutor(1) as pool:
        with book.engine.begin() as connection:
            extracts.take_turn(connection, 1)
            connection.execute(text("update cases set projection = 'changed'"))
            late = pool.submit(purge)
            until_one_waits(book)
        assert late.result(10) == 0
    assert book.ask("select count(*) from cases") == [1]
