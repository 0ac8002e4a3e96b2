"""Rows of cases that were erased: a source may send these for years, and they must not begin again."""

from collections.abc import Mapping, Sequence

from sqlalchemy import Connection

from models.queries.intake import erased_cases
from tasks.intake.columns import File
from tasks.intake.files import CASES, ORDERS
from tasks.intake.results import FileCount
from tasks.intake.staging import describe


def leave_out_erased(connection: Connection, files: Sequence[File], counts: Mapping[str, FileCount]) -> None:
    """Leave out the rows of erased cases, and say how many beside each file's count."""
    if not erased_cases.any_erased(connection):
        return
    for file in files:
        rows = describe(file)
        if file is CASES:
            left = erased_cases.leave_out_cases(connection, rows, describe(ORDERS) if ORDERS in files else None)
        elif rows.names_a_case:
            left = erased_cases.leave_out_rows(connection, rows)
        else:
            continue
        if left:
            are, their = ("1 row is", "its case was") if left == 1 else (f"{left:,} rows are", "their cases were")
            counts[file.name].notes.append(f"{are} left out, because {their} erased")
