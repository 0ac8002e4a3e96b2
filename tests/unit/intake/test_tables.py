"""The files of a folder with a manifest as tables: their rows, how many there should be, and their notes."""

import os

import pytest

from tasks.intake.reading import FirstLook
from tasks.intake.tables import SentTables
from tests.worlds.extracts import MANIFEST


@pytest.mark.parametrize(("encoding", "notes"), [("utf-8", 0), ("cp1252", 1)])
def test_only_text_in_windows_1252_has_a_note(encoding, notes):
    found = SentTables(MANIFEST, {"cases.csv": (0, FirstLook("d", encoding, ()))}).notes("cases.csv")
    assert found == ["is Windows-1252 text, and was read as that; UTF-8 is better"][:notes]


def test_rows_are_the_originals_too_and_a_line_is_its_own_place(tmp_path):
    (tmp_path / "cases.csv").write_text("a,b\n1,2\n")
    handle = os.open(tmp_path / "cases.csv", os.O_RDONLY)
    made = SentTables(MANIFEST, {"cases.csv": (handle, FirstLook("d", "utf-8", ()))})
    (original,) = made.originals("cases.csv")
    assert list(made.rows("cases.csv")) == list(original) == [(2, ["1", "2"])]
    assert (original.place(2), made.expected("cases.csv")) == ("2", 3)
    os.close(handle)
