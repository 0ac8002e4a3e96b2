"""One row of several: which of their cells counts, and which rows are one."""

import resource
import time

import pytest

from config.sources.cells import Take
from tasks.intake.profiles.gathering import GatheredColumn, gathered, merged
from tasks.intake.profiles.row_store import RowStore
from tasks.intake.unread_days import NotDay


def one_of(take, *rows):
    columns = [GatheredColumn(take, "none")]
    lines = [("k", at, line, cell) for line, (at, cell) in enumerate(rows, 2)]
    return [*gathered(RowStore(), lines, columns)]


@pytest.mark.parametrize(
    ("take", "rows", "cell"),
    [
        (Take.LAST, [("", "a"), ("", "b"), ("", "")], "b"),
        (Take.FIRST, [("", ""), ("", "a"), ("", "b")], "a"),
        (Take.ALL, [("", "a"), ("", ""), ("", "b;c")], "a;b;c"),
        (Take.LAST, [("2", "a"), ("1", "b"), ("2", "c"), ("3", "")], "c"),
        (Take.FIRST, [("2", "a"), ("1", "b"), ("1", "c")], "b"),
        (Take.LAST, [("1", ""), ("2", "")], "none"),
        (Take.NEWEST, [("2", "Finalised"), ("3", ""), ("1", "Open")], "none"),
        (Take.NEWEST, [("2", "a"), ("2", "b"), ("", "c")], "b"),
    ],
)
def test_a_cell_is_that_of_a_row_by_order_and_then_by_line(take, rows, cell):
    ((line, cells, _),) = one_of(take, *rows)
    assert (line, cells) == (2, [cell])


@pytest.mark.parametrize(
    ("take", "rows", "tied"),
    [
        (Take.LAST, [("1", "a"), ("2", "b"), ("2", "c")], True),
        (Take.LAST, [("2", "b"), ("2", "c"), ("3", "d")], False),
        (Take.LAST, [("2", "b"), ("2", ""), ("2", "b")], False),
        (Take.NEWEST, [("2", "b"), ("2", "")], True),
        (Take.FIRST, [("1", "a"), ("1", "b"), ("2", "c")], True),
        (Take.FIRST, [("1", "a"), ("2", "b"), ("2", "c")], False),
        (Take.ALL, [("1", "a"), ("1", "b")], False),
        (Take.LAST, [("", "a"), ("", "b")], False),
    ],
)
def test_lines_of_one_day_of_which_none_is_the_last_or_first_tie_if_they_differ(take, rows, tied):
    ((_, _, places),) = one_of(take, *rows)
    assert bool(places) is tied


def test_each_key_has_a_row_with_the_line_of_its_first():
    rows = [("b", "", 5, "b5"), ("a", "2", 6, "a6"), ("a", "1", 7, "a7")]
    found = gathered(RowStore(), rows, [GatheredColumn(Take.LAST, "")])
    assert [(line, cells) for line, cells, _ in found] == [(6, ["a6"]), (5, ["b5"])]


def test_a_cell_that_is_no_day_is_still_none_after_it_was_stored():
    rows = [("a", "", 2, NotDay("soon", "DD/MM/YYYY"), "soon")]
    ((_, (day, text), _),) = gathered(
        RowStore(), rows, [GatheredColumn(Take.LAST, "", is_day=True), GatheredColumn(Take.LAST, "")]
    )
    assert isinstance(day, NotDay)
    assert (day.cell, day.reason) == ("soon", "is not a day written DD/MM/YYYY")
    assert text == "soon"


def test_a_list_of_many_lines_is_gathered_in_the_time_that_it_takes_to_read_them():
    begun = time.process_time()
    ((_, (cell,), _),) = one_of(Take.ALL, *(("", f"{line:060}") for line in range(100_000)))
    assert cell.count(";") == 100, "one more than a cell may list"
    assert time.process_time() - begun < 10


def test_a_member_that_many_lines_have_is_listed_once():
    assert one_of(Take.ALL, *[("", "a;b")] * 500, ("", "c")) == [(2, ["a;b;c"], set())]


def test_memory_does_not_grow_with_the_rows():
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    rows = ((f"{line % 150_000:060}", "", line, "x" * 200) for line in range(300_000))
    assert sum(1 for _ in gathered(RowStore(), rows, [GatheredColumn(Take.LAST, "")])) == 150_000
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 60_000, "kB"


def test_parts_that_share_a_key_are_one_row_of_the_first_filled_cells():
    rows = [("a", "000", 4, "1", ""), ("a", "001", 3, "2", "y"), ("b", "001", 5, "", "z")]
    assert list(merged(RowStore(), rows, [False, False])) == [(3, ["1", "y"]), (5, ["", "z"])]


def test_a_second_row_of_one_part_stays_a_row_of_its_own():
    rows = [("a", "000", 20, "1"), ("a", "001", 3, "2"), ("a", "001", 5, "3")]
    assert list(merged(RowStore(), rows, [False])) == [(5, ["3"]), (3, ["1"])], "the first line is that of the whole"
