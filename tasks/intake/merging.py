"""One file from its temporary table into the facts, and the guards that keep a broken or truncated file out."""

from typing import NamedTuple

from sqlalchemy import Connection
from sqlalchemy.schema import CreateTable

from config.policy import Intake
from config.terms import Mode
from models.errors import Refuse
from models.queries import merging, withdrawing
from models.queries.staged import Staged, wanted
from tasks.intake.columns import File
from tasks.intake.manifest import Manifest
from tasks.intake.results import FileCount
from tasks.intake.staging import Findings, describe

MOST_STRANGERS = 10_000  # warnings kept word by word for one column; all are counted


class Whose(NamedTuple):
    """What a file is merged under: its extract and source, and the numbers of the guards."""

    manifest: Manifest
    source_id: int
    limits: Intake
    allow_shrink: bool


def reject_by_ref(connection: Connection, file: File, findings: Findings, whose: Whose) -> None:
    """Add what only the whole file and the stored rows show: a ref given twice, a ref of another source."""
    rows = describe(file)
    ref = " + ".join(file.key) if "urn_root" not in file.key else "case"
    for line, first in merging.duplicates(connection, rows):
        findings.problem(line, f"{ref} is the same as on line {first}")
    for line, source in merging.of_others(connection, rows, whose.source_id):
        findings.problem(line, f'{ref} belongs to source "{source}", which sent it first')
    if findings.problems:
        merging.set_aside(connection, rows, sorted(findings.problems))
    for line in findings.problems.keys() & findings.warnings.keys():
        del findings.warnings[line]


def check_rejected(name: str, findings: Findings, limits: Intake) -> None:
    """Raise Refuse where so much of a file was rejected that the file itself must be wrong."""
    rejected = len(findings.problems)
    if rejected > limits.more_than_rows and rejected * 100 > limits.max_rejected_percent * findings.rows:
        raise Refuse(
            f"{name}: {rejected} of {findings.rows} rows were rejected, more than {limits.max_rejected_percent} %; "
            "see the rejected rows, mend the file and send it again under a new extract_id or the same one."
        )


def merge(connection: Connection, file: File, findings: Findings, whose: Whose, count: FileCount) -> None:
    """Withdraw, change and add what the file says; count it."""
    rows, manifest = describe(file), whose.manifest
    if rows.names_a_case:
        merging.add_keys(connection, rows)
    if manifest.mode is Mode.SNAPSHOT:
        _withdraw_vanished(connection, rows, findings, whose, count)
    else:
        count.withdrawn = withdrawing.withdraw_told(connection, rows, whose.source_id, manifest.day)
    _change(connection, rows, whose, count)
    first_seen = {"first_seen_on": manifest.day} if "first_seen_on" in rows.target.c else {}
    count.added = merging.add(connection, rows, whose.source_id, first_seen)


def _withdraw_vanished(
    connection: Connection, rows: Staged, findings: Findings, whose: Whose, count: FileCount
) -> None:
    gone, supplied = withdrawing.vanished(connection, rows, whose.source_id, whose.manifest.covers)
    limits = whose.limits
    if gone > limits.more_than_rows and gone * 100 > limits.max_withdrawn_percent * supplied and not whose.allow_shrink:
        raise Refuse(
            f"{count.name} looks truncated: it would withdraw {gone} of the {supplied} rows that its source supplied "
            f"before, more than {limits.max_withdrawn_percent} %; --allow-shrink loads it all the same."
        )
    if gone and findings.unreadable:
        count.notes.append(f"{gone} rows were not withdrawn, since {findings.unreadable} rows could not be read at all")
    elif gone:
        day = whose.manifest.day
        count.withdrawn = withdrawing.withdraw_vanished(connection, rows, whose.source_id, whose.manifest.covers, day)


def _change(connection: Connection, rows: Staged, whose: Whose, count: FileCount) -> None:
    changed = wanted(rows)
    connection.execute(CreateTable(changed))
    count.changed = merging.find_changed(connection, rows, whose.source_id, changed)
    if count.changed:
        merging.change(connection, rows, changed, whose.manifest.day)
        merging.touch_changed(connection, rows, changed)


def warn_of_strangers(connection: Connection, file: File, findings: Findings) -> int:
    """Warn of contacts that are not known, once all of the extract's contacts are in; the count of all warnings."""
    more = 0
    for column in file.people:
        found, total = merging.strangers(connection, describe(file), column, MOST_STRANGERS)
        for line, ref in found:
            findings.warn(line, f'{column} "{ref}" is not a known contact')
        more += total - len(found)
    return sum(map(len, findings.warnings.values())) + more
