"""The guide and the code tell of the same columns."""

import re
from pathlib import Path

from tasks.intake.files import FILES
from tasks.intake.guide import BEGIN, END, written_into

GUIDE = (Path(__file__).parents[2] / "docs" / "extract-guide.md").read_text("utf-8")


def test_every_column_of_the_code_is_in_the_guide_and_the_reverse() -> None:
    shown = GUIDE.partition(BEGIN)[2].partition(END)[0]
    told = {
        part.splitlines()[0].strip(): re.findall(r"^\| `(\w+)` \|", part, re.MULTILINE)
        for part in shown.split("### ")[1:]
    }
    assert told == {name: [column.name for column in file.columns] for name, file in FILES.items()}


def test_the_guide_is_as_the_code_would_write_it() -> None:
    assert written_into(GUIDE) == GUIDE


def test_every_stored_column_is_a_column_of_its_table() -> None:
    for file in FILES.values():
        for column in file.columns:
            if column.kept_as and column.name not in {"urn", "case_ref", "force_code"}:
                assert column.kept_as in file.table.__table__.c, (file.name, column.name)
