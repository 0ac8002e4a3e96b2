"""The words of what an extract on trial would come to."""

import pytest
from sqlalchemy import Boolean

from models.rules.obligations.rulebook import LOOKED_AT
from tasks.intake.files import FILES
from tasks.intake.foretold import FilledColumn
from tasks.intake.results import Fate, FileCount, LoadResult
from tasks.intake.staging import describe
from tasks.intake.trial import TrialResult
from tasks.platform.templates import names
from tasks.rounds.told_trial import page


def test_each_column_of_which_a_share_is_told_has_words_for_its_empty_cells():
    asked = {
        (name, column.name)
        for name, file in FILES.items()
        for column in file.columns
        if column.kept_as and (name, column.name) in LOOKED_AT
        if not isinstance(describe(file).table.c[column.kept_as].type, Boolean)
    }
    assert {(name, column) for name, words in names()["empty"].items() for column in words} == asked


def test_rows_of_which_a_column_is_asked_are_named_of_columns_that_are_told():
    told = {(name, column) for name, words in names()["empty"].items() for column in words}
    assert {(name, column) for name, words in names()["asked_of"].items() for column in words} <= told


@pytest.mark.parametrize(("filled", "advice"), [(10, ""), (0, "; if your system keeps it elsewhere, leave it out")])
def test_nobody_is_told_to_leave_out_a_column_that_is_asked_of_few_rows_and_filled_in_some(filled, advice):
    column = FilledColumn("bail_ends_on", filled, 44)
    made = LoadResult("x", Fate.LOADED, files=(FileCount("suspects.csv", 44),))
    shown = page([TrialResult(made, {"suspects.csv": []}, filled={"suspects.csv": (column,)})])
    said = f"{44 - filled} rows say: no day on which bail ends (asked of suspects on bail alone){advice}"
    assert f"| suspects.csv | bail_ends_on | {filled} of 44 | {said} |\n" in shown
