"""Rows in the place of a case's own: a suspect's, and a defendant's. What such a row's file lacks is the case's."""

from collections.abc import Collection, Iterator
from typing import Any

from models.rules.case_row import CaseRow
from models.rules.row_facts import DefendantFact, SuspectFact
from models.rules.sight import SentColumn

SUSPECTS, DEFENDANTS = "suspects.csv", "defendants.csv"
IN_PLACE_OF = {SUSPECTS: "cases.csv", DEFENDANTS: "cps_cases.csv"}
_STATUS_DAYS = ("status_changed_on", "status_on", "status_seen_on")
_OF_SUSPECT = (
    "bail_ends_on", "bail_varied_on", "bail_views_on", "release_reviewed_on", "arrest_attempted_on", "suspect_key",
)  # fmt: skip
_OF_DEFENDANT = ("in_custody", "ctl_expires_on")
COLUMNS = {
    SUSPECTS: ("suspect_status", "status_changed_on", *_OF_SUSPECT, "charged_on"),
    DEFENDANTS: _OF_DEFENDANT,
}
STAND_IN = frozenset(SentColumn(file, name) for file, names in COLUMNS.items() for name in names)


def instead_of(column: SentColumn) -> Iterator[SentColumn]:
    """Yield the columns that tell the same of a row in the place of a case's own: never that the case is charged."""
    for file, replaced in IN_PLACE_OF.items():
        if column.file == replaced and column.name in COLUMNS[file] and column.name != "charged_on":
            yield SentColumn(file, column.name)


def of_suspect(row: CaseRow, suspect: SuspectFact, sent: Collection[str], *, only: bool) -> CaseRow:
    """Return the case's row with what is sent of a suspect in its place.

    The days of a status come with it: the case's day counts where the file has none and the status is the same. Where
    the suspect's own charge is not sent, the case's is its own if it is the `only` one.
    """
    own: dict[str, Any] = {name: getattr(suspect, name) for name in _OF_SUSPECT if name in sent}
    if "suspect_status" in sent:
        own["suspect_status"] = suspect.suspect_status
        if "status_changed_on" in sent or suspect.suspect_status is not row.suspect_status:
            own |= {name: getattr(suspect, name) for name in _STATUS_DAYS}
    of_case = row.charged_on if only else None
    return row._replace(charged_on=suspect.charged_on if "charged_on" in sent else of_case, **own)


def of_defendant(row: CaseRow, defendant: DefendantFact, sent: Collection[str]) -> CaseRow:
    """Return the case's row with what is sent of a defendant in its place."""
    own: dict[str, Any] = {name: getattr(defendant, name) for name in _OF_DEFENDANT if name in sent}
    return row._replace(cps_source_id=row.cps_source_id or defendant.source_id, **own)
