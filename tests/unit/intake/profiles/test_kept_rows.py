"""Which rows of a source's file count, and their cells: blanks, merged cells, rows that are none."""

import pytest

from models.errors import Refuse
from tasks.intake.profiles.own_rows import StruckRow
from tests.unit.intake.profiles.source_rows import MadeUpRows, source


def kept(rows, names=("a", "b"), **said):
    found = []
    for batch in source(MadeUpRows("x.csv", ["A", "B"], *rows), **said).kept(names).batches():
        found += zip(batch.lines, *batch.columns, strict=True)
    return found


def test_a_blank_is_empty_before_anything_is_asked_of_it():
    rows = [["null", "x"], ["1", " N/A "], ["2", "-"]]
    said = {"leave_out": {"column": "A", "filled": False}, "blanks": ["NULL", "n/a", "-"]}
    assert kept(rows, **said) == [(3, "1", ""), (4, "2", "")]


def test_a_file_has_blanks_of_its_own_in_place_of_the_profiles():
    assert kept([["NULL", "none"]]) == [(2, "", "none")]
    assert kept([["NULL", "none"]], blanks="none") == [(2, "NULL", "")]


def test_a_blank_takes_the_cell_above_where_merged_cells_are_filled_down():
    assert kept([["1", "x"], ["NULL", "y"]], fill_down="A") == [(2, "1", "x"), (3, "1", "y")]


def test_a_row_that_is_struck_through_goes_after_it_has_told_those_below_what_they_share():
    rows = [["1", "x"], StruckRow(["2", "y"]), ["", "z"]]
    assert kept(rows, fill_down="A") == [(2, "1", "x"), (4, "2", "z")]


def test_rows_that_are_left_out_are_counted_however_often_they_are_read():
    own = MadeUpRows("x.csv", ["A", "B"], ["1", "x"], ["2", "gone"], StruckRow(["3", "y"]), ["4", "gone"])
    rows = source(own, leave_out={"column": "B", "is": "gone"}).kept(("a", "b"))
    for _ in range(2):
        assert [line for batch in rows.batches() for line in batch.lines] == [2]
        assert own.left_out == 3


def test_a_column_that_is_not_there_is_named():
    with pytest.raises(Refuse, match=r'x\.csv has no column "c", which its profile names'):
        kept([], names=("a", "c"))
