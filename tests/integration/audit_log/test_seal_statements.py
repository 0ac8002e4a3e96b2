"""The statements of the audit log's seals: which rows the next one covers, and how they are compared."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import select, text

from models.audit import AuditSeal
from models.queries.audit_log import seals
from models.queries.audit_log.seals import BrokenRow
from tasks.servers import database as way
from tests.worlds.review_rows import SealRows
from tests.worlds.rows import AT_NINE


@pytest.fixture
def log(database) -> Iterator[SealRows]:
    """The log as its owner writes it, with moments of the test's own."""
    engine = way.owner_engine()
    with engine.connect() as connection:
        connection.execute(text("alter table audit disable trigger audit_sets_its_moment"))
        yield SealRows(connection)
        connection.rollback()
    engine.dispose()


def test_the_next_seal_covers_what_appeared_since_the_last_that_has_settled(log):
    log.logged(8, 7, *range(1, 7))
    log.seal(1, 48, 1)
    log.seal(2, 25, 3)
    log.seal(3, 24, 5, reach=6)  # a day, and not more
    assert seals.unsealed_rows(log.connection) == 2
    assert seals.seal(log.connection) == 4
    assert log.sealed(4) == ([4, 6, 7, 8], 4, 8)  # row 2 was added when no row could appear any more
    assert seals.unsealed_rows(log.connection) == 0
    assert seals.added_row(log.connection) == 2
    assert seals.seal(log.connection) == 0
    assert seals.sealed_rows(log.connection) == 7
    assert seals.head(log.connection).number == 4


def test_a_seal_of_a_late_row_reaches_no_less_than_the_one_before(log):
    log.logged(2, 5)
    log.seal(1, 1, 5)
    assert seals.seal(log.connection) == 1
    assert log.sealed(2) == ([2], 1, 5)


@pytest.mark.parametrize("nested", ["on", "off"])
def test_a_seal_covers_so_many_rows_the_lowest_first_however_they_are_joined(log, monkeypatch, nested):
    monkeypatch.setattr(seals, "ROWS", 2)
    log.connection.execute(text(f"set local enable_nestloop = {nested}"))
    log.logged(5, 4, 3, 2, 1)
    assert [seals.seal(log.connection) for _ in range(4)] == [2, 2, 1, 0]
    assert [log.sealed(number)[0] for number in (1, 2, 3)] == [[1, 2], [3, 4], [5]]
    assert [one.holds for one in seals.compared(log.connection, 0, 9)] == [True, True, True]
    assert [seals.broken_row(log.connection, number) for number in (1, 2, 3)] == [None, None, None]


def test_many_gaps_before_the_last_seal_are_sealed_the_lowest_first(log, monkeypatch):
    monkeypatch.setattr(seals, "ROWS", 3)
    log.logged(9, 7, 6, 4, 3, 2, 1, 5)
    log.seal(1, 1, 5)
    assert seals.seal(log.connection) == 3
    assert log.sealed(2)[0] == [1, 2, 3]


def test_an_empty_log_has_no_head_and_no_rows(log):
    assert seals.seal(log.connection) == 0
    assert (seals.head(log.connection), seals.digest_of(log.connection, 1)) == (None, None)
    assert (seals.sealed_rows(log.connection), seals.unsealed_rows(log.connection)) == (0, 0)
    assert seals.added_row(log.connection) is None


def test_a_row_was_added_where_no_seal_has_it_below_one_that_has_settled(log):
    log.logged(7, 3, 2, 4, 6, 5)
    log.seal(1, 25, 4)
    log.seal(2, 24, 7)
    assert seals.added_row(log.connection) == 2
    log.seal(3, 1, 2)
    assert seals.added_row(log.connection) == 3
    log.seal(4, 1, 3)
    assert seals.added_row(log.connection) is None  # rows 5 and 6 may have been written before seal 2


def test_seals_are_compared_in_their_order_with_the_one_before_and_their_rows(log):
    for ids in ((1, 2), (3,), (4,), (5,)):
        log.logged(*ids)
        seals.seal(log.connection)
    log.seal(8, 1, 5)
    log.seal(6, 1, 5)
    found = seals.compared(log.connection, 0, 9)
    assert [(one.number, one.row_count, one.follows, one.holds) for one in found] == [
        (1, 2, True, True), (2, 1, True, True), (3, 1, True, True), (4, 1, True, True), (6, 1, False, False),
        (8, 1, False, False),
    ]  # fmt: skip
    assert [one.number for one in seals.compared(log.connection, 1, 2)] == [2, 3]
    head = seals.head(log.connection)
    assert (head.number, bytes.fromhex(head.digest)) == (8, b"digest-8")
    assert seals.digest_of(log.connection, 8) == head.digest
    moments = dict(log.found(select(AuditSeal.number, AuditSeal.sealed_at)))
    assert [seals.sealed_at(log.connection, number) for number in (6, 1)] == [moments[6], moments[1]]


def test_the_first_row_that_differs_from_its_mark_or_is_gone_is_named(log):
    log.logged(1, 2, 4, 3)
    seals.seal(log.connection)
    ((marks,),) = log.found(select(AuditSeal.marks))
    first, second, third, fourth = (marks[at : at + seals.MARK] for at in range(0, 4 * seals.MARK, seals.MARK))
    other = bytes(seals.MARK)
    log.seal(2, 1, 1, 2, 3, 4, marks=first + other + third + other)
    log.seal(3, 1, 2, 4, marks=second + other)
    log.seal(4, 1, 1, 2, 5, marks=first + second + other)
    log.seal(5, 1, 3, 4, marks=third + fourth)
    found = [seals.broken_row(log.connection, number) for number in range(1, 6)]
    assert found == [None, BrokenRow(2, False), BrokenRow(4, False), BrokenRow(5, True), None]


def test_a_row_is_too_old_where_it_is_more_than_a_day_older_than_the_newest_before(log):
    for id_, hours in ((1, 24), (3, 30), (2, 25), (4, 23)):
        log.log("extract", str(id_), id=id_, at=AT_NINE - timedelta(hours=hours))
    log.seal(1, 1, 1, 4)
    log.seal(2, 1, 1, 2, 3, 4)
    assert seals.too_old_row(log.connection, 1, AT_NINE) is None  # a day, and not more
    assert seals.too_old_row(log.connection, 2, AT_NINE) == (2, AT_NINE - timedelta(hours=25))
