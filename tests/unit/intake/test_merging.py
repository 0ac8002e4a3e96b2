"""The guards of a merge: how many rows may be rejected or withdrawn, and what is counted of them."""

from types import SimpleNamespace

import pytest

from config.policy import IntakePolicy
from models.errors import Refuse
from tasks.intake.merging import check_rejected
from tasks.intake.staging import Findings
from tests.worlds.days import row

LIMITS = IntakePolicy(max_rejected_percent=10, max_withdrawn_percent=20, more_than_rows=5)


@pytest.mark.parametrize(
    ("rejected", "rows", "refused"),
    [
        row("as few as any file may have", 5, 5, False),
        row("one more, and the limit exactly", 6, 60, False),
        row("one more, and beyond it", 6, 59, True),
        row("all of them", 6, 6, True),
        row("none", 0, 0, False),
    ],
)
def test_a_file_of_which_too_much_was_rejected_is_refused(rejected, rows, refused):
    found = Findings(rows=rows, problems={line: ["x"] for line in range(rejected)})
    if not refused:
        check_rejected("cases.csv", found, LIMITS)
        return
    with pytest.raises(Refuse) as refusal:
        check_rejected("cases.csv", found, LIMITS)
    assert str(refusal.value).startswith(f"cases.csv: {rejected} of {rows} rows were rejected, more than 10 %; ")


def line(number, ref, lines):
    return SimpleNamespace(line=number, ref=ref, lines=lines)
