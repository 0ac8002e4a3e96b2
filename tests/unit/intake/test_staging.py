"""Findings of an extract's rows: how many are kept, and that no more are lost count of."""

from typing import Any

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


class Judge:
    """A judge that finds a problem in each row that says so."""

    @staticmethod
    def judge(rows: list[tuple[int, list[str]]]) -> list[str | JudgedRow]:
        return [JudgedRow(line, "bad", ("p",), ()) if row == ["bad"] else f"{row[0]};" for line, row in rows]


class Read(list[Any]):
    name = "cases.csv"


def test_rows_are_copied_in_batches_and_each_is_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(staging, "BATCH", 2)
    found, progress = Findings(), list[tuple[str, int, int]]()
    rows = Read([(2, ["a"]), (3, ["bad"]), (4, "cut"), (5, "cut"), (6, ["b"])])
    judged: Any = staging._judged(Judge(), rows, found, 9, lambda *given: progress.append(given))
    stream = staging._Stream(judged)
    assert [stream.read(), stream.read(), stream.read()] == ["a;bad", "b;", ""]
    assert (found.rows, list(found.problems), stream.fault) == (5, [3, 4, 5], None)
    assert progress == [("cases.csv", number, 9) for number in (2, 4, 5, 5)]


def test_a_fault_in_a_row_ends_the_copy_and_is_kept() -> None:
    fault = ValueError("x")

    def batches() -> Any:
        yield "a"
        raise fault

    stream = staging._Stream(batches())
    assert [stream.read(), stream.read()] == ["a", ""]
    assert stream.fault is fault
