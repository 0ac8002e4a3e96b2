"""Findings of an extract's rows: how many are kept, and that no more are lost count of."""

import pytest

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
