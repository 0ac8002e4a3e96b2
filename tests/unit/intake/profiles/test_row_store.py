"""Rows on disk: their order, what is found by keys, and a disk that is full."""

import errno

import pytest

from tasks.intake.profiles import row_store
from tasks.intake.profiles.row_store import RowStore


def test_rows_come_by_key_then_by_their_order_then_by_line():
    rows = [("b", "", 2, "1"), ("a", "2", 3, "2"), ("a", "1", 5, "3"), ("a", "1", 4, "4")]
    assert [cell for *_, cell in RowStore().in_order(rows, 1)] == ["4", "3", "2", "1"]


def test_one_store_keeps_what_is_sorted_apart_while_another_is_read():
    store = RowStore()
    first = store.in_order((("a", "", line, "x") for line in range(3)), 1)
    assert next(first)[2] == 0
    found = store.keyed(((key, "y") for key, *_ in store.in_order([("b", "", 1)], 0)), 1)
    assert found.find(["a", "b"]) == {"b": ["y"]}
    assert [line for _, _, line, _ in first] == [1, 2]


def test_signs_that_no_table_minds_come_back_as_they_were():
    cells = ["'; drop table t1; --", "a\x00b", "\x1f", "é😀", ""]
    ((_, _, _, *found),) = RowStore().in_order([("k", "", 1, *cells)], len(cells))
    assert found == cells


def test_a_full_disk_is_a_fault_of_the_machine(monkeypatch):
    monkeypatch.setattr(row_store, "LARGEST", 1 << 20)
    with pytest.raises(OSError, match="No space left") as full:
        list(RowStore().in_order((("k", "", line, "x" * 1_000) for line in range(5_000)), 1))
    assert full.value.errno == errno.ENOSPC
