"""Spreadsheets' own files: days and numbers as texts, merged headers, and files that no reader should unpack."""

import os
import resource
import zipfile

import pytest

from config.sources.cells import Recipe
from config.sources.day_forms import day_forms
from config.sources.profile import ExportFile, MadeRows, Profile
from config.terms import Agency
from models.errors import Refuse
from tasks.intake.profiles import workbook
from tasks.intake.profiles.kept_rows import SourceRows
from tasks.intake.profiles.own_rows import StruckRow
from tasks.intake.profiles.workbook import WorkbookRows
from tests.worlds.workbooks import DOCUMENT, LINKED, PARTS, SHEET, STRUCK, book, hostile, of_parts, sheet


def a_file(name, **given):
    made = (MadeRows.model_construct(rows_of="cases.csv", columns={}),)
    return ExportFile.model_construct(**{"read": name, "header": (1,), "sheet": None, "makes": made, **given})


def read(path, **given):
    file = a_file(path.name, **given)
    handle = os.open(path, os.O_RDONLY)
    try:
        found = WorkbookRows(handle, path.name, file)
        return found.header, list(found)
    finally:
        os.close(handle)


def notes(path, **given):
    handle = os.open(path, os.O_RDONLY)
    try:
        return WorkbookRows(handle, path.name, a_file(path.name, **given)).notes
    finally:
        os.close(handle)


def test_a_day_a_number_and_yes_are_texts_and_blank_rows_are_left_out(tmp_path):
    rows = {
        1: {"A": "Crime", "B": "Due", "C": "Breach"},
        2: {"A": 4471, "B": (1, 46346), "C": True},
        4: {"A": 1.5, "B": (1, 46346.75), "C": False},
        5: {"A": " x "},
    }
    header, found = read(book(tmp_path / "a.xlsx", rows), sheet="log")
    assert header.names == {"crime": 0, "due": 1, "breach": 2}
    assert found == [
        (2, ["4471", "2026-11-20", "yes"]), (4, ["1.5", "2026-11-20 18:00:00", "no"]), (5, ["x", "", ""]),
    ]  # fmt: skip


def test_a_merged_cell_of_the_header_names_all_columns_under_it(tmp_path):
    rows = {
        2: {"A": "Crime", "B": "Victim", "D": "Notes"},
        3: {"B": "Told", "C": "Views"},
        4: {"A": "C1", "C": "x", "D": "y"},
    }
    header, found = read(book(tmp_path / "a.xlsx", rows, ["A2:A3", "B2:C2", "A1:D1"]), header=(2, 3))
    assert header.written == ["Crime", "Victim / Told", "Victim / Views", "Notes"]
    assert found == [(4, ["C1", "", "x", "y"])]


def test_columns_of_one_name_are_numbered(tmp_path):
    header, _ = read(book(tmp_path / "a.xlsx", {1: {"A": "Date", "B": "DATE", "C": "date (2)", "D": ""}}))
    assert header.names == {"date": 0, "date (2)": 1, "date (2) (2)": 2}


@pytest.mark.parametrize(
    ("rows", "given", "why"),
    [
        ({1: {"A": "x"}, 300_000: {"A": "y"}}, {}, "has cells beyond row 200,000"),
        ({1: {"A": "x", "XFD": "y"}}, {}, "or column 500"),
        ({1: {"A": "x"}}, {"sheet": "Other"}, 'has no sheet "Other"'),
        ({1: {"A": "x"}}, {"header": (3,)}, "ends before line 3"),
        ({1: {"A": " "}, 2: {"A": "x"}}, {}, "has no header where its profile says"),
    ],
)
def test_a_sheet_that_is_none_to_keep_by_hand_is_refused(tmp_path, rows, given, why):
    with pytest.raises(Refuse, match=why):
        read(book(tmp_path / "a.xlsx", rows), **given)


def test_a_duration_that_no_clock_has_is_refused_though_its_reader_panics(tmp_path, capfd):
    rows = {1: {"A": "x"}, 2: {"A": (2, "1e308")}}
    path = book(tmp_path / "a.xlsx", rows)
    with pytest.raises(Refuse, match="cannot be read as a spreadsheet"):
        read(path)


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 no", b"Crime,Due\n"])
def test_what_is_no_spreadsheet_is_refused(tmp_path, content):
    (tmp_path / "a.xlsx").write_bytes(content)
    with pytest.raises(Refuse, match="cannot be read as a spreadsheet"):
        read(tmp_path / "a.xlsx")


def test_a_cut_one_is_refused_and_one_without_a_workbook(tmp_path):
    whole = book(tmp_path / "a.xlsx", {1: {"A": "x"}}).read_bytes()
    (tmp_path / "b.xlsx").write_bytes(whole[: len(whole) // 2])
    with zipfile.ZipFile(tmp_path / "c.xlsx", "w") as packed:
        packed.writestr("a.txt", "x")
    for name in ("b.xlsx", "c.xlsx"):
        with pytest.raises(Refuse, match="cannot be read as a spreadsheet"):
            read(tmp_path / name)


def test_what_unpacks_to_more_than_a_disk_is_refused_before_it_does(tmp_path, monkeypatch):
    monkeypatch.setattr(workbook, "LARGEST_UNPACKED", 1 << 20)
    path = book(tmp_path / "a.xlsx", {1: {"A": "x"}, 2: {"A": "y" * (2 << 20)}})
    assert path.stat().st_size < 20_000
    with pytest.raises(Refuse, match="is larger than 1 MiB when unpacked"):
        read(path)
    monkeypatch.setattr(workbook, "LARGEST", 1000)
    with pytest.raises(Refuse, match="save its sheet as CSV"):
        read(path)


def test_a_number_of_days_is_a_day_whatever_its_cell_looks_like_and_counts_from_the_books_own_day(tmp_path):
    rows = {1: {"A": "Due"}, 2: {"A": 46346}, 3: {"A": 46346.75}, 4: {"A": (1, 46346)}, 5: {"A": "20/11/2026"}}
    assert days_of(book(tmp_path / "a.xlsx", rows), days=day_forms("DD/MM/YYYY")) == ["2026-11-20"] * 4
    since_1904 = PARTS["xl/workbook.xml"].replace("<sheets>", '<workbookPr date1904="1"/><sheets>')
    path = book(tmp_path / "b.xlsx", {1: {"A": "Due"}, 2: {"A": 44884}, 3: {"A": (1, 44884)}}, workbook=since_1904)
    assert days_of(path) == ["2026-11-20"] * 2


def days_of(path, **given):
    """The cells of a book's first column, read as days."""
    handle = os.open(path, os.O_RDONLY)
    try:
        profile = Profile.model_construct(agency=Agency.POLICE, covers=("45",), files=())
        rows = SourceRows(
            WorkbookRows(handle, path.name, a_file(path.name)), a_file(path.name, **given), profile, bytes
        )
        kept = rows.kept({"due"})
        due = rows.making(kept.at).column(Recipe.model_validate({"from": "Due"}), is_day=True)
        return [day for batch in kept.batches() for day in due.of(batch.columns, len(batch.lines))]
    finally:
        os.close(handle)


STRUCK_ROWS = {
    1: {"A": "Crime", "B": "Due", "C": "Note"},
    2: {"A": (1, "C1"), "B": (3, "46346"), "C": (1, "x")},
    3: {"A": (1, "C2"), "B": (0, "46346")},
    4: {"A": (2, "C3")},
    6: {"B": (3, "46346")},
}


def test_a_row_is_struck_through_if_all_that_it_holds_is(tmp_path):
    path = book(tmp_path / "a.xlsx", STRUCK_ROWS, styles=STRUCK)
    _, found = read(path, struck_through="leave_out")
    assert [(line, isinstance(row, StruckRow)) for line, row in found] == [(2, True), (3, False), (4, False), (6, True)]
    assert found[0][1][:2] == ["C1", "2026-11-20"]
    _, unasked = read(path)
    assert not any(isinstance(row, StruckRow) for _, row in unasked)


def test_a_column_of_its_own_says_which_rows_are_struck_through(tmp_path):
    path = book(tmp_path / "a.xlsx", STRUCK_ROWS, styles=STRUCK)
    header, found = read(path, struck_through="column")
    place = header.names["struck through"]
    assert [(line, row[place]) for line, row in found] == [(2, "yes"), (3, ""), (4, ""), (6, "yes")]
    assert notes(path, struck_through="column") == ["a.xlsx: 1 row (line 3) is struck through in part, and was read"]


def test_a_row_that_is_struck_through_and_read_all_the_same_is_told(tmp_path):
    path = book(tmp_path / "a.xlsx", STRUCK_ROWS, styles=STRUCK)
    partly = "a.xlsx: 1 row (line 3) is struck through in part, and was read"
    assert notes(path, struck_through="leave_out") == [partly]
    whole = (
        "a.xlsx: 2 rows (lines 2, 6) are struck through, and were read; struck_through: leave_out leaves such rows out"
    )
    assert notes(path) == [whole, partly]
    many = book(tmp_path / "b.xlsx", {n: {"A": (1, "x"), "B": (0, "y")} for n in range(1, 20)}, styles=STRUCK)
    (note,) = notes(many)
    assert note.startswith("b.xlsx: 18 rows (lines 2, 3, 4, 5, 6, 7, 8, 9, 10, 11 …) are struck through in part")


def test_a_book_without_styles_has_no_such_row_and_one_with_an_entity_is_refused(tmp_path):
    without = PARTS[LINKED].replace(f'<Relationship Id="r2" Type="{DOCUMENT}/styles" Target="styles.xml"/>', "")
    plain = of_parts(tmp_path / "a.xlsx", {LINKED: without, SHEET: sheet('<row r="1"><c r="A1"><v>1</v></c></row>')})
    assert read(plain, struck_through="leave_out")[0].written == ["1"]
    grown = f'<!DOCTYPE s [<!ENTITY e "x">]>{STRUCK}'
    with pytest.raises(Refuse, match="cannot be read as a spreadsheet"):
        read(book(tmp_path / "b.xlsx", STRUCK_ROWS, styles=grown), struck_through="leave_out")


@pytest.mark.parametrize(("name", "why"), [
    ("a cell far away in single quotes", "has cells beyond row 200,000"),
    ("a cell far away after a tab", "has cells beyond row 200,000"),
    ("a cell far away after another attribute", "has cells beyond row 200,000"),
    ("a cell far away behind a sign that ends no tag", "takes more than 1,024 MiB of memory or 120 seconds"),
    ("a cell far away in a sheet elsewhere", "has cells beyond row 200,000"),
    ("one long text in every cell", "takes more than 1,024 MiB of memory or 120 seconds"),
    ("entities that grow", "has no header|cannot be read"),
])  # fmt: skip
def test_a_small_file_that_takes_all_memory_is_refused_in_a_sentence_and_ends_nobody(tmp_path, name, why):
    path = of_parts(tmp_path / "a.xlsx", hostile()[name])
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises(Refuse, match=why):
        read(path)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 50_000, "kB"


def test_a_long_row_is_refused_and_a_large_sheet_leaves_the_memory_flat(tmp_path):
    columns = [f"{a}{b}" for a in "ABCD" for b in "ABCDEFGHIJ"]
    long = book(tmp_path / "a.xlsx", {1: {"A": "x"}, 2: dict.fromkeys(columns, "y" * 32_000)})
    with pytest.raises(Refuse, match="has a row of more than 1 MiB"):
        read(long)
    large = book(tmp_path / "b.xlsx", {n: {"A": n, "B": "z" * 5_000} for n in range(1, 8_001)})
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    handle = os.open(large, os.O_RDONLY)
    rows = WorkbookRows(handle, "b.xlsx", a_file("b.xlsx"))
    assert sum(len(cells[1]) for _, cells in rows) == 7_999 * 5_000
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 20_000, "kB"
    os.close(handle)
