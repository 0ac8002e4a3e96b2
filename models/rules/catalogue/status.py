"""The present status of the suspect: the day it is known from, and whether a recorded day is of it."""

from datetime import date

from models.rules.case_row import CaseRow
from models.rules.sight import SentColumn

SUSPECT_STATUS = SentColumn("cases.csv", "suspect_status")


def status_day(row: CaseRow) -> date:
    """Return the day that intake keeps of the present status; of a status without one, the day of the opening."""
    return row.status_on or row.opened_on


def of_present_status(row: CaseRow, recorded: date | None) -> bool:
    """Report whether a recorded day is not before the present status.

    Where the status is known since its source's first extract, nobody knows when it began: no recorded day counts as
    before it.
    """
    if recorded is None:
        return False
    since_first = row.status_seen_on is None and row.status_on != row.status_changed_on
    return since_first or recorded >= status_day(row)
