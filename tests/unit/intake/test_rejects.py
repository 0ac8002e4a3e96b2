"""The files of rejected rows: no cell runs as a formula, every problem is there, and nobody else may read them."""

import pytest

from tasks.intake.rejects import LONGEST, safe, write_rejected, write_warnings
from tasks.intake.results import Fate, FileCount, LoadResult, exit_code
from tasks.intake.staging import Findings


@pytest.mark.parametrize(
    ("cell", "made"),
    [
        ("a", "a"), ("=1", "'=1"), (" =1", "' =1"), ("-1", "'-1"), ("\uff1d1", "'\uff1d1"), ("\ta", "'\ta"),
        ("\ra", "' a"), ("\na", "' a"), ("a\nb\r\x00c", "a b c"), ("a=1", "a=1"), ("", ""),
    ],
)  # fmt: skip
def test_a_cell_is_no_formula_and_one_line(cell, made):
    assert safe(cell) == made


def test_a_cell_is_no_longer_than_a_spreadsheet_takes():
    assert LONGEST == 32_000
    assert safe("x" * (LONGEST + 1)) == "x" * LONGEST


class Rows(list):
    """Rows as they are read: a text is a row that could not be."""

    name, header = "cases.csv", ("a", "b")


ROWS = Rows([(2, ["1", "2"]), (3, ["=3", "4"]), (4, "has 3 cells where the header has 2")])


def test_rejected_rows_are_written_with_line_and_problems_for_their_owner_alone(tmp_path):
    folder = tmp_path / "rejected" / "E1"
    write_rejected(folder, [ROWS], Findings(problems={3: ["one", "two"], 4: ["has 3 cells"]}))
    written = folder / "cases.csv"
    assert written.read_bytes().decode().split("\r\n") == [
        '"a","b","line","problems"', '"\'=3","4","3","one; two"', '"","","4","has 3 cells"', "",
    ]  # fmt: skip
    assert [path.stat().st_mode & 0o777 for path in (written, folder, folder.parent)] == [0o600, 0o700, 0o700]
    assert [each.name for each in folder.iterdir()] == ["cases.csv"]
    write_rejected(folder, [ROWS], Findings())
    assert not written.exists(), "an earlier attempt's"


def test_the_folders_above_are_made_for_their_owner_alone_too(tmp_path):
    write_warnings(tmp_path / "home" / "rejected" / "E1", "cases.csv", Findings(warnings={2: ["late"]}))
    assert (tmp_path / "home").stat().st_mode & 0o777 == 0o700


def test_a_folder_that_is_there_stays_as_open_as_it_is_and_the_file_is_for_its_owner_alone(tmp_path):
    folder = tmp_path / "shared" / "E1"
    folder.mkdir(parents=True)
    for each in (folder, folder.parent):
        each.chmod(0o777)
    write_warnings(folder, "cases.csv", Findings(warnings={5: ["late"], 2: ["one", "two"]}))
    written = folder / "warnings-cases.csv"
    assert written.read_bytes().decode().split("\r\n") == [
        '"line","warnings"', '"2","one; two"', '"5","late"', "",
    ]  # fmt: skip
    assert [path.stat().st_mode & 0o777 for path in (written, folder, folder.parent)] == [0o600, 0o777, 0o777]


def result(fate, rejected=0):
    return LoadResult("f", fate, files=(FileCount("a.csv", rejected=rejected), FileCount("b.csv", rejected=rejected)))


@pytest.mark.parametrize(
    ("results", "code"),
    [
        ([], 0), ([result(Fate.LOADED), result(Fate.ALREADY)], 0), ([result(Fate.LOADED, 1)], 1),
        ([result(Fate.ALREADY, 1)], 0), ([result(Fate.LOADED, 1), result(Fate.REFUSED)], 2),
        ([result(Fate.NOT_READY)], 0), ([result(Fate.LOADED), result(Fate.LOADED, 1)], 1),
    ],
)  # fmt: skip
def test_a_command_ends_with_one_for_rejected_rows_and_with_two_for_a_refused_extract(results, code):
    assert exit_code(results) == code


def test_a_result_counts_the_rejected_rows_of_all_its_files_and_begins_at_nothing():
    assert result(Fate.LOADED, 2).rejected == 4
    assert set(FileCount("a.csv").as_dict().values()) == {0}
    empty = LoadResult("f", Fate.REFUSED)
    assert (empty.cases_changed, empty.cases_missing, empty.rejected) == (0, 0, 0)
