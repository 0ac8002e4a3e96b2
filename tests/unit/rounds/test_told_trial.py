"""The words of what an extract on trial would come to."""

from sqlalchemy import Boolean

from models.rules.obligations.rulebook import LOOKED_AT
from tasks.intake.files import FILES
from tasks.intake.staging import describe
from tasks.platform.templates import names


def test_each_column_of_which_a_share_is_told_has_words_for_its_empty_cells():
    asked = {
        (name, column.name)
        for name, file in FILES.items()
        for column in file.columns
        if column.kept_as and (name, column.name) in LOOKED_AT
        if not isinstance(describe(file).table.c[column.kept_as].type, Boolean)
    }
    assert {(name, column) for name, words in names()["empty"].items() for column in words} == asked
