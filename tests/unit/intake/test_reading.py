"""Untrusted files are read in blocks: what is no plain text file of the folder is refused, and no row is lost."""

import os
from contextlib import contextmanager

import pytest

from models.errors import Refuse
from tasks.intake import reading
from tasks.intake.reading import (
    BLOCK,
    LARGEST_FILE,
    LONGEST_CELL,
    LONGEST_LINE,
    look,
    marks,
    opened,
)
from tasks.intake.records import MOST_COLUMNS, Rows


@contextmanager
def file_of(tmp_path, content, name="cases.csv", **given):
    (tmp_path / name).write_bytes(content)
    folder = os.open(tmp_path, os.O_RDONLY)
    try:
        with opened(folder, name, **given) as handle:
            yield handle
    finally:
        os.close(folder)


def rows_of(tmp_path, content, encoding="utf-8"):
    with file_of(tmp_path, content) as handle:
        rows = Rows(handle, "cases.csv", encoding)
        return rows.header, list(rows)


def refusal(call):
    with pytest.raises(Refuse) as refused:
        call()
    return str(refused.value)


def test_limits_are_those_of_the_extract_guide():
    assert (BLOCK, LARGEST_FILE, LONGEST_LINE) == (1024**2, 8 * 1024**3, 1024**2)
    assert (LONGEST_CELL, MOST_COLUMNS) == (1_000_000, 500)


def test_a_file_up_to_its_limit_is_opened(tmp_path):
    with file_of(tmp_path, b"abc", largest=3) as handle:
        assert os.pread(handle, 9, 0) == b"abc"
    with pytest.raises(Refuse, match=r"^cases.csv is larger than 2 bytes\.$"), file_of(tmp_path, b"abc", largest=2):
        pass


def opening(folder, name):
    handle = os.open(folder, os.O_RDONLY)
    try:
        with opened(handle, name):
            pass
    finally:
        os.close(handle)


def test_what_is_no_plain_file_of_the_folder_alone_is_refused(tmp_path):
    (tmp_path / "a.csv").write_text("x")
    (tmp_path / "link.csv").symlink_to("a.csv")
    os.mkfifo(tmp_path / "pipe.csv")
    (tmp_path / "folder.csv").mkdir()
    assert refusal(lambda: opening(tmp_path, "gone.csv")) == "gone.csv is named but is not in the folder."
    assert refusal(lambda: opening(tmp_path, "link.csv")).startswith("link.csv cannot be read as a plain file (")
    for name in ("pipe.csv", "folder.csv"):
        assert refusal(lambda name=name: opening(tmp_path, name)).startswith(f"{name} is not a plain file")
    os.link(tmp_path / "a.csv", tmp_path / "twice.csv")
    assert refusal(lambda: opening(tmp_path, "a.csv")).startswith("a.csv is not a plain file of this folder alone")


@pytest.mark.parametrize(
    ("content", "encoding"),
    [
        (b"", "utf-8"), (b"abc", "utf-8"), ("é€😀".encode(), "utf-8"), (b"\xe9", "cp1252"), (b"\xc3", "cp1252"),
        (b"abc\xe2\x82", "cp1252"), (b"\xef\xbb\xbfabc", "utf-8"),
    ],
)  # fmt: skip
def test_text_is_utf_8_or_else_windows_1252(tmp_path, content, encoding):
    with file_of(tmp_path, content) as handle:
        assert look(handle, "cases.csv").encoding == encoding
        assert look(handle, "cases.csv").marks == marks(handle)


@pytest.mark.parametrize("content", [b"\xff\xfea\x00", b"\xfe\xff\x00a"])
def test_utf_16_is_refused_by_its_beginning(tmp_path, content):
    with file_of(tmp_path, content) as handle:
        assert refusal(lambda: look(handle, "x.csv")) == "x.csv is UTF-16 text; save it as CSV UTF-8."


def test_bytes_of_no_text_are_refused(tmp_path):
    with file_of(tmp_path, b"\x81\xe9") as handle:
        assert refusal(lambda: look(handle, "x.csv")) == "x.csv is neither UTF-8 nor Windows-1252 text."


def test_bytes_of_no_text_are_refused_in_whichever_block_they_are(tmp_path, monkeypatch):
    monkeypatch.setattr(reading, "BLOCK", 2)
    with file_of(tmp_path, b"\x81\xe9abcd") as handle:
        assert refusal(lambda: look(handle, "x.csv")) == "x.csv is neither UTF-8 nor Windows-1252 text."


@pytest.mark.parametrize("block", [1, 2, 3, 5])
def test_a_character_across_two_blocks_is_one(tmp_path, monkeypatch, block):
    monkeypatch.setattr(reading, "BLOCK", block)
    with file_of(tmp_path, "aé€😀b".encode()) as handle:
        assert look(handle, "x").encoding == "utf-8"
    with file_of(tmp_path, b"ab\xff\xfe") as handle:
        assert look(handle, "x").encoding == "cp1252", "only its beginning marks UTF-16"
    assert rows_of(tmp_path, "a,é\r\n1,€\r\n2,😀".encode()) == (["a", "é"], [(2, ["1", "€"]), (3, ["2", "😀"])])


@pytest.mark.parametrize(
    ("content", "rows"),
    [
        (b"a,b\n1,2\n", [(2, ["1", "2"])]),
        (b"\xef\xbb\xbf A ,B\r\n1,2", [(2, ["1", "2"])]),
        (b"a,b\n\n1,2\n\n", [(3, ["1", "2"])]),
        (b'a,b\n"1\n2",3\n4,5\n', [(2, ["1\n2", "3"]), (4, ["4", "5"])]),
        (b"a,b\n1\n1,2\n1,2,3\n", [
            (2, "has 1 cells where the header has 2"), (3, ["1", "2"]), (4, "has 3 cells where the header has 2"),
        ]),
        (b'a,b\n"1"x,2\n3,4\n', [(2, "a quotation mark is in the wrong place"), (3, ["3", "4"])]),
        (b'a,b\n1,"2\n', [(2, "a quotation mark opens a cell and never closes it")]),
        (b"a,b\n1\r2,3\n4,5\n", [
            (2, "a carriage return inside the row is not part of a line end"), (3, ["4", "5"]),
        ]),
    ],
)  # fmt: skip
def test_every_row_has_the_number_of_its_first_line_or_its_problem(tmp_path, content, rows):
    header, found = rows_of(tmp_path, content)
    assert (header, found) == (["a", "b"], rows)


def test_a_cell_that_is_too_long_is_its_rows_problem(tmp_path):
    _, found = rows_of(tmp_path, b"a\n" + b"x" * LONGEST_CELL + b"\n" + b"y" * (LONGEST_CELL + 1) + b"\nz\n")
    assert [(line, row if isinstance(row, str) else len(row[0])) for line, row in found] == [
        (2, LONGEST_CELL), (3, "a cell is longer than 1,000,000 characters"), (4, 1),
    ]  # fmt: skip


def test_a_header_that_cannot_be_read_is_refused(tmp_path):
    assert refusal(lambda: rows_of(tmp_path, b"")) == "cases.csv is empty: it has no header row."
    assert refusal(lambda: rows_of(tmp_path, b'"a\n')).startswith(
        "cases.csv has a header row that cannot be read: a quot"
    )
    wide = ",".join(f"c{number}" for number in range(MOST_COLUMNS))
    assert len(rows_of(tmp_path, wide.encode())[0]) == MOST_COLUMNS
    assert refusal(lambda: rows_of(tmp_path, f"{wide},x".encode())) == "cases.csv has more than 500 columns."


def test_a_file_that_is_written_again_has_other_marks(tmp_path):
    with file_of(tmp_path, b"abc") as handle:
        before = marks(handle)
        (tmp_path / "cases.csv").write_bytes(b"abcd")
        assert marks(handle) != before


def test_what_is_not_utf_8_in_one_block_stays_so_whatever_follows(tmp_path, monkeypatch):
    monkeypatch.setattr(reading, "BLOCK", 2)
    with file_of(tmp_path, b"\xe9abcd") as handle:
        assert look(handle, "x.csv").encoding == "cp1252"


def test_a_file_of_eight_gigabytes_is_the_largest(tmp_path):
    (tmp_path / "large.csv").touch()
    for size, large in ((8 << 30, False), ((8 << 30) + 1, True)):
        os.truncate(tmp_path / "large.csv", size)
        if large:
            assert refusal(lambda: opening(tmp_path, "large.csv")) == "large.csv is larger than 8,589,934,592 bytes."
        else:
            opening(tmp_path, "large.csv")
    (tmp_path / "large.csv").unlink()


def test_of_a_line_without_end_nothing_is_kept_but_that_it_is_too_long(tmp_path):
    with file_of(tmp_path, b"x" * (5 << 20) + b"\ny\n") as handle:
        assert [len(line) for lines in reading.lines(handle, "utf-8") for line in lines][-1] == 2
    with file_of(tmp_path, b"x" * (5 << 20)) as handle:
        assert [len(line) for lines in reading.lines(handle, "utf-8") for line in lines] == [LONGEST_CELL + 2]
