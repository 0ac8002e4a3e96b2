"""Findings of an extract's rows: how many are kept, and that no more are lost count of."""

import pytest

from models.errors import Refuse
from tasks.intake import staging
from tasks.intake.rows import JudgedRow
from tasks.intake.staging import Findings


def test_of_more_warnings_than_are_kept_the_rest_is_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(staging, "MOST", 2)
    found = Findings()
    for line in range(2, 6):
        found.noted(JudgedRow(line, "", (), ("one", "another")))
    assert list(found.warnings) == [2, 3]
    assert found.more_warnings == 4


def test_a_row_without_warnings_has_none_to_be_listed() -> None:
    found = Findings()
    assert found.noted(JudgedRow(2, "text", ("one",), ())) == "text"
    assert found.noted("plain") == "plain"
    assert (found.problems, found.warnings, found.more_warnings) == ({2: ["one"]}, {}, 0)


def test_rows_that_cannot_be_read_are_problems_and_the_others_are_read() -> None:
    found = Findings()
    assert found.whole([(2, ["a"]), (3, "cut"), (4, ["b"]), (5, "cut")]) == [(2, ["a"]), (4, ["b"])]
    assert (found.unreadable, found.problems) == (2, {3: ["cut"], 5: ["cut"]})
    assert found.whole([(6, ["a"])]) == [(6, ["a"])]
    assert found.unreadable == 2


def test_a_file_with_more_rejected_rows_than_memory_holds_is_read_no_further() -> None:
    staging.refuse_too_many("cases.csv", 200_000)
    with pytest.raises(Refuse, match="more than 200,000 rows were rejected"):
        staging.refuse_too_many("cases.csv", 200_001)
