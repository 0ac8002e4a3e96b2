"""Merging of a staged file into the stored facts, with guards against broken and truncated files."""

from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import Connection
from sqlalchemy.schema import CreateTable

from config.policy import IntakePolicy
from config.terms import Agency
from models.errors import Refuse
from models.queries.intake import comparing, guards, merging, shared_keys
from models.queries.intake.kept_days import ExtractDays
from models.queries.intake.staged import RowEffect, Staged, wanted
from models.queries.people import leading
from tasks.intake.columns import File
from tasks.intake.manifest import Manifest, Mode
from tasks.intake.options import Options
from tasks.intake.results import FileCount
from tasks.intake.sent_columns import SentColumns
from tasks.intake.sentences import Quoting
from tasks.intake.staging import MOST, Findings, describe, refuse_too_many
from tasks.intake.volume import Measure

MOST_UNKNOWN = 10_000  # warnings kept in full for one column; all are counted
UNKNOWN = {  # by whether the extract's contacts have a row of them
    None: "is not a known contact",
    False: "is not a known contact: contacts.csv has no row of it",
    True: "is not a known contact: its row of contacts.csv was rejected",
}
CANNOT_LEAD = "leads on nothing: it is no active SPOC of the case's own force or Area who may see the case"


class MergeTerms(NamedTuple):
    """The extract and source of a file that is merged, and the limits of the guards."""

    manifest: Manifest
    source_id: int
    options: Options
    sent_before_on: date | None  # the London day of the source's extract before; None: this is its first
    sent: SentColumns
    unread_cases: int = 0  # rows of cases.csv that cannot be read at all: any case may be there


def reject_by_ref(connection: Connection, file: File, findings: Findings, terms: MergeTerms) -> None:
    """Reject rows whose ref occurs twice in the file or belongs to another source."""
    rows = describe(file)
    ref = " + ".join(file.key) if "urn_root" not in file.key else "case"
    for twice in merging.duplicates(connection, rows, MOST + 1):
        findings.problem(twice.line, f"{ref} is the same as on line {findings.place(twice.first)}")
    for other in merging.foreign_lines(connection, rows, terms.source_id, MOST + 1):
        findings.problem(other.line, f'{ref} belongs to source "{other.source}", which sent it first')
    refuse_too_many(file.name, len(findings.problems))
    if findings.problems:
        merging.set_aside(connection, rows, sorted(findings.problems))
    for line in findings.problems.keys() & findings.warnings.keys():
        del findings.warnings[line]


def check_rejected(name: str, findings: Findings, limits: IntakePolicy) -> None:
    """Raise Refuse if so many rows of a file were rejected that the file itself must be wrong."""
    rejected = len(findings.problems)
    if rejected > limits.more_than_rows and rejected * 100 > limits.max_rejected_percent * findings.rows:
        raise Refuse(
            f"{name}: {rejected} of {findings.rows} rows were rejected, more than {limits.max_rejected_percent} %; "
            "see the rejected rows, mend the file and send it again under a new extract_id or the same one."
        )


def merge(connection: Connection, file: File, findings: Findings, terms: MergeTerms, count: FileCount) -> None:
    """Withdraw, change and add rows as the file requires, and count them."""
    rows, day = describe(file), terms.manifest.day
    extra: dict[str, Any] = {"source_id": terms.source_id}
    if "first_seen_on" in rows.target.c:
        extra["first_seen_on"] = day
    if rows.of_cases:
        _guard(connection, file, findings, terms, count)
        shared_keys.touch_of_guarded(connection)
    if rows.names_a_case:
        merging.add_keys(connection, rows)
    days = ExtractDays(day, terms.sent_before_on, terms.sent.sent_before(file))
    if not comparing.has_sent(connection, rows, terms.source_id):
        count.added = merging.add(connection, rows, rows.rows(rows.good), extra, days)
        return
    snapshot_of = terms.manifest.covers if terms.manifest.mode is Mode.SNAPSHOT else None
    connection.execute(CreateTable(wanted(rows)))
    found = comparing.compare(connection, rows, terms.source_id, snapshot_of, terms.sent.unsaid(file))
    if RowEffect.CHANGED in found:
        Measure(file, terms.sent.headers[file.name], terms.source_id, terms.options.limits).add_to(connection, count)
    _withdraw(connection, rows, found.get(RowEffect.GONE, 0), findings, terms, count)
    if kept := found.get(RowEffect.KEPT):
        are, their = ("1 row is", "its") if kept == 1 else (f"{kept:,} rows are", "their")
        count.notes.append(f"{are} left out and kept, because {their} case is missing from the source")
    if RowEffect.CHANGED in found:
        count.changed = found[RowEffect.CHANGED]
        merging.change(connection, rows, days)
    if RowEffect.ADDED in found:
        count.added = merging.add(connection, rows, merging.new_rows(rows), extra, days)


def _guard(connection: Connection, file: File, findings: Findings, terms: MergeTerms, count: FileCount) -> None:
    """Let the marks of rejected rows guard their cases, and those that are linked with them."""
    source, whole = terms.source_id, terms.manifest.mode is Mode.SNAPSHOT and not findings.unreadable
    guards.give_back(connection, source, terms.sent.unsaid(file))
    guards.forget_unstored(connection, source, terms.manifest.covers if whole else ())
    if not findings.problems:
        return
    if marked := guards.take_over(connection, source):
        which = "1 row was" if marked == 1 else f"{marked:,} rows were"
        count.notes.append(f"{which} rejected whose restricted or barred_refs took effect all the same")
    if kept := guards.keep_unstored(connection, source):
        which = "1 row was" if kept == 1 else f"{kept:,} rows were"
        count.notes.append(f"{which} rejected whose restricted or barred_refs guard the cases linked with it")


def _withdraw(
    connection: Connection, rows: Staged, gone: int, findings: Findings, terms: MergeTerms, count: FileCount
) -> None:
    """Withdraw missing rows. Raises Refuse if a snapshot lacks so many that it must be truncated."""
    snapshot = terms.manifest.mode is Mode.SNAPSHOT
    with terms.options.going_on():
        if snapshot and not terms.options.allowed.shrink:
            _check_truncated(connection, rows, gone, terms, count.name)
    belongs = rows.names_a_case and not rows.of_cases
    unread = findings.unreadable + (terms.unread_cases if belongs else 0)
    if snapshot and gone and unread:
        count.notes.append(f"{gone} rows were not withdrawn, since {unread} rows could not be read at all")
    elif gone:
        merging.withdraw(connection, rows, terms.manifest.day)
        count.withdrawn = gone


def _check_truncated(connection: Connection, rows: Staged, gone: int, terms: MergeTerms, name: str) -> None:
    """Raise Refuse if a snapshot lacks so many of its source's rows that it must be truncated."""
    limits = terms.options.limits
    if gone <= limits.more_than_rows:
        return
    supplied, most = (
        comparing.supplied(connection, rows, terms.source_id, terms.manifest.covers), limits.max_withdrawn_percent
    )  # fmt: skip
    if gone * 100 > most * supplied:
        raise Refuse(
            f"{name} looks truncated: it would withdraw {gone} of the {supplied} rows that its source supplied before, "
            f"more than {most} %; --allow-shrink loads it all the same."
        )


def warn_of_contacts(connection: Connection, file: File, findings: Findings, today: date, contacts: File | None) -> int:
    """Warn of unknown contacts and of SPOCs who cannot lead, once all files are merged; count the file's warnings.

    `contacts` is the extract's file of them, which may have a row of somebody unknown that did not load.
    """
    more, listed = 0, describe(contacts) if contacts else None
    for column in file.people:
        if column == "barred_refs":
            unknown = guards.lines_barring_nobody(connection, MOST_UNKNOWN)
        else:
            unknown = merging.unknown_contacts(connection, describe(file), column, MOST_UNKNOWN, listed)
        for line in unknown:
            findings.warn(line.line, _about(column, line.ref, UNKNOWN[line.rejected]))
        more += max((line.lines for line in unknown), default=0) - len(unknown)
    if "spoc_ref" in file.people:
        agency, staged = Agency.POLICE if describe(file).of_cases else Agency.CPS, describe(file).table.name
        cannot = leading.cannot_lead(connection, staged, agency, today, MOST_UNKNOWN)
        for spoc in cannot:
            findings.warn(spoc.line, _about("spoc_ref", spoc.ref, CANNOT_LEAD))
        more += max((line.lines for line in cannot), default=0) - len(cannot)
    return sum(map(len, findings.warnings.values())) + findings.more_warnings + more


def _about(column: str, ref: str, what: str) -> Quoting:
    return Quoting(f'{column} "{ref}" {what}', f"{column} {what}")
