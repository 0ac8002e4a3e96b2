"""Text with separators is read row by row, and neither a row nor a batch of rows takes much memory."""

import csv
import os
import tracemalloc
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from config.sources.profile import ExportFile
from models.errors import Refuse
from tasks.intake import reading
from tasks.intake.profiles.own_rows import CsvRows
from tasks.intake.reading import BLOCK, LONGEST_CELL, LONGEST_LINE
from tasks.intake.records import BATCH, MOST_BLOCKS, Rows

Read = Callable[[bytes], Any]
MIB = 1 << 20


def own_rows(handle: int) -> CsvRows:
    """The same file, as one of a source's own."""
    file = ExportFile.model_construct(read="cases.csv", makes=(), separator=",", header=(1,), quotes=True)
    return CsvRows(handle, "cases.csv", file, "utf-8")


@pytest.fixture(params=[lambda handle: Rows(handle, "cases.csv", "utf-8"), own_rows], ids=["extract", "own"])
def read(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Read]:
    """Read a file's content as rows, of an extract and of a source's own export."""
    opened: list[int] = []

    def of(content: bytes) -> Any:
        (tmp_path / "cases.csv").write_bytes(content)
        opened.append(os.open(tmp_path / "cases.csv", os.O_RDONLY))
        return request.param(opened[-1])

    yield of
    for handle in opened:
        os.close(handle)


def refusal(rows: Any) -> str:
    with pytest.raises(Refuse) as refused:
        list(rows)
    return str(refused.value)


ENDLESS = "cases.csv has a row of more than 1 MiB, which begins on line {}: is a quotation mark missing?"


@pytest.mark.parametrize("line", [b'","' + b"x" * 96 + b"\n", b'","\n'], ids=["cells", "short cells"])
def test_a_row_without_an_end_is_refused_by_its_line(read: Read, line: bytes) -> None:
    content = b'a,b\n1,2\n3,"x\n' + line * (4 * MIB // len(line))
    assert refusal(read(content)) == ENDLESS.format(3)


def test_a_header_without_an_end_is_refused(read: Read) -> None:
    content = b'a,"b' + b'","\n' * MIB
    with pytest.raises(Refuse, match=r"begins on line 1: is a quotation mark missing\?$"):
        read(content)


def test_a_row_without_an_end_takes_no_more_memory_the_longer_its_file_is(tmp_path: Path) -> None:
    (tmp_path / "cases.csv").write_bytes(b'a,b\n3,"x\n' + b'","xy\n' * (2 * MIB))
    handle = os.open(tmp_path / "cases.csv", os.O_RDONLY)
    tracemalloc.start()
    try:
        refusal(Rows(handle, "cases.csv", "utf-8"))
        assert tracemalloc.get_traced_memory()[1] < 120 * MIB, "a row of cells of 2 characters takes 60 bytes a cell"
    finally:
        tracemalloc.stop()
        os.close(handle)


def test_a_row_over_many_lines_is_read_up_to_the_limit(read: Read) -> None:
    cell = b"x\n" * (LONGEST_CELL // 2)
    assert [(line, len(row[1])) for line, row in read(b'a,b\n1,"' + cell + b'"\n2,\n')] == [
        (2, LONGEST_CELL), (500_003, 0)
    ]  # fmt: skip


def test_a_quotation_mark_that_is_never_closed_costs_its_row_and_no_other(read: Read) -> None:
    rows = list(read(b'a,b\n1,"' + (b"x" * 999 + b"\n") * 1_010 + b"2,3\n"))
    assert rows[0] == (2, "a cell is longer than 1,000,000 characters")
    assert rows[-1][1] == ["2", "3"]


@pytest.mark.parametrize("cells", [(700_000, 700_000, 700_000), (LONGEST_CELL, LONGEST_CELL, LONGEST_CELL)])
def test_no_row_is_loaded_of_which_the_end_was_cut_off(read: Read, cells: tuple[int, ...]) -> None:
    row = ",".join("x" * length for length in cells)
    found = [
        row if isinstance(row, str) else tuple(map(len, row)) for _, row in read(f"a,b,c\n{row}\n1,2,3\n".encode())
    ]
    assert found[0] in {cells, "a cell is longer than 1,000,000 characters"}
    assert found[1:] == [(1, 1, 1)]


def test_a_batch_has_so_many_rows_and_of_long_rows_no_more_than_some_blocks(read: Read) -> None:
    wide = "\U0001f600" + "x" * (LONGEST_LINE - 100)  # one character of four bytes makes all of them four
    rows = read(b"a,b\n" + b"1,2\n" * (2 * BATCH + 1) + f"1,{wide}\n".encode() * 30)
    batches = [[sum(map(len, row)) for _, row in batch] for batch in rows.batches()]
    assert sum(map(len, batches)) == 2 * BATCH + 1 + 30
    assert [len(batch) for batch in batches[:2]] == [BATCH, BATCH]
    assert max(sum(batch) for batch in batches) <= (MOST_BLOCKS + 2) * BLOCK


def test_a_batch_is_the_same_as_its_rows(read: Read, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "BLOCK", 7)
    content = b'a,b\n1,2\n\n"3\n4",5\n6\n"7"8,9\n10,11\n' * 3
    assert [row for batch in read(content).batches() for row in batch] == list(read(content))
    assert csv.field_size_limit() == LONGEST_CELL
