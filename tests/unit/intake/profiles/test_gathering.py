"""One row of several: which of their cells counts."""

import time

import pytest

from config.sources.cells import Take
from models.errors import Refuse
from tasks.intake.profiles import made_rows
from tasks.intake.profiles.made_rows import Gathered, GatheredColumn


def gathered(take, *rows):
    made = Gathered("log.csv", [GatheredColumn(take, "none")])
    for line, (order, cell) in enumerate(rows, 2):
        made.add(line, ("k",), order, [cell])
    return list(made.rows())


@pytest.mark.parametrize(
    ("take", "rows", "cell"),
    [
        (Take.LAST, [("", "a"), ("", "b"), ("", "")], "b"),
        (Take.FIRST, [("", ""), ("", "a"), ("", "b")], "a"),
        (Take.ALL, [("", "a"), ("", ""), ("", "b;c")], "a;b;c"),
        (Take.LAST, [("2", "a"), ("1", "b"), ("2", "c"), ("3", "")], "c"),
        (Take.FIRST, [("2", "a"), ("1", "b"), ("1", "c")], "b"),
        (Take.LAST, [("1", ""), ("2", "")], "none"),
    ],
)
def test_the_first_or_last_filled_cell_counts_by_order_and_then_by_line(take, rows, cell):
    assert gathered(take, *rows) == [(2, [cell])]


def test_each_key_has_a_row_with_the_line_of_its_first():
    made = Gathered("log.csv", [GatheredColumn(Take.LAST, "")])
    for line, key in ((5, "a"), (6, "b"), (7, "a")):
        made.add(line, (key,), "", [f"{key}{line}"])
    assert list(made.rows()) == [(5, ["a7"]), (6, ["b6"])]


def test_no_more_rows_are_held_than_memory_should(monkeypatch):
    monkeypatch.setattr(made_rows, "MOST", 1)
    made = Gathered("log.csv", [])
    made.add(2, ("a",), "", [])
    with pytest.raises(Refuse, match=r"log\.csv: more than 1 rows would be gathered"):
        made.add(3, ("b",), "", [])


def test_a_list_of_many_lines_is_gathered_in_the_time_that_it_takes_to_read_them():
    made, begun = Gathered("log.csv", [GatheredColumn(Take.ALL, "")]), time.process_time()
    for line in range(100_000):
        made.add(line, ("k",), "", [f"{line:060}"])
    ((_, (cell,)),) = made.rows()
    assert cell.count(";") == 100, "one more than a cell may list"
    assert time.process_time() - begun < 10


def test_a_member_that_many_lines_have_is_listed_once():
    assert gathered(Take.ALL, *[("", "a;b")] * 500, ("", "c")) == [(2, ["a;b;c"])]


def test_no_more_text_is_held_than_memory_should(monkeypatch):
    monkeypatch.setattr(made_rows, "MOST_TEXT", 2 << 20)
    made = Gathered("log.csv", [GatheredColumn(Take.LAST, "")])
    made.add(2, ("a",), "", ["x" * (1 << 20)])
    made.add(3, ("a",), "", ["y" * (1 << 20)])
    made.add(4, ("b",), "", ["y" * (1 << 20)])
    with pytest.raises(Refuse, match=r"log\.csv: more than 2 million characters would be gathered"):
        made.add(5, ("c",), "", ["z"])
