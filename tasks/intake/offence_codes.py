"""Offence codes that no list knows, with their rows: a case that has no other is watched by nobody."""

from sqlalchemy import Connection

from models.errors import Refuse
from models.queries.intake import offence_codes
from models.queries.intake.offence_codes import UnlistedCode
from models.rules.offences import LISTED, stem, well_formed
from tasks.intake.checks import UnlistedCodes
from tasks.intake.columns import File
from tasks.intake.files import CASES, CPS_CASES
from tasks.intake.results import FileCount
from tasks.intake.sentences import Quoting
from tasks.intake.staging import Findings, describe
from tasks.platform.text import number_of

COLUMNS = {CASES.name: "offence_codes", CPS_CASES.name: "charged_codes"}
SHOWN = 10  # codes
_HOW = "docs/extract-guide.md lists the codes, and codes: home_office in a profile makes them of Home Office classes"


def told_codes(connection: Connection, file: File, header: list[str], few: int) -> list[str]:
    """Return what there is to know of a file's offence codes.

    Raises Refuse where more than a few rows have codes, none of them of the lists, and none is of stalking or
    harassment by itself.
    """
    column = COLUMNS.get(file.name)
    if column is None or column not in header:
        return []
    rows = describe(file)
    found = offence_codes.unlisted(connection, rows, column, LISTED)
    if not found:
        return []
    counted = offence_codes.rows_with_codes(connection, rows, column, LISTED)
    if not counted.listed and not counted.classified and counted.rows > few:
        none = f"{file.name}: no {column} is a code of stalking or harassment"
        so = f"Nothing would be watched of {number_of(counted.rows, 'row')}; {_HOW}."
        raise Refuse(Quoting(f"{none}: {_shown(found)}. {so}", f"{none}. {so}"))
    less = counted.rows - counted.listed
    alone = f"; {number_of(less, 'row')} with no other code" if less else ""
    told = f"warning: {column} in no list of stalking and harassment"
    return [Quoting(f"{told}: {_shown(found)}{alone}", f"{told}: {number_of(len(found), 'code')}{alone}")]


def count_unwatched(connection: Connection, findings: Findings, count: FileCount) -> None:
    """Count the open cases that count as other since no list knows their codes, of the rows that are warned of it."""
    lines = [line for line, warnings in findings.warnings.items() if any(map(_of_codes, warnings))]
    found = offence_codes.of_open(connection, describe(CASES), lines) if lines else []
    count.unwatched = len(found)
    codes = sorted({stem(code) for codes in found for code in codes})
    count.unwatched_codes = sorted(codes, key=well_formed)[:SHOWN]


def _of_codes(warning: str) -> bool:
    return isinstance(warning, UnlistedCodes)


def _shown(found: list[UnlistedCode]) -> str:
    """Return the codes, each with its rows: those that are written as no CJS code is first, then those of most rows."""
    first = sorted(found, key=lambda one: well_formed(one.code))[:SHOWN]
    shown = ", ".join(
        f"{one.code} ({number_of(one.rows, 'row')}{'' if well_formed(one.code) else ': no CJS code is written so'})"
        for one in first
    )
    return f"{shown} and {number_of(len(found) - SHOWN, 'other')}" if len(found) > SHOWN else shown
