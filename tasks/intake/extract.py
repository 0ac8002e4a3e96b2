"""Loading of one extract: open and digest its files, then read, guard, merge and report them."""

from collections.abc import Sequence

from sqlalchemy import Connection
from sqlalchemy.schema import CreateTable

from config.days.london import london_day
from config.settings import Clock
from models.errors import Refuse
from models.queries.intake import clocks, erased_cases, extracts, guards, merging, rejected_rows, source_files
from models.queries.intake.comparing import NO_ORDERS, unexpired_orders
from models.queries.intake.extracts import Sender
from models.queries.intake.staged import TOUCHED
from models.queries.reviews import extract_outcomes
from tasks.intake import recording, rejects
from tasks.intake.columns import File
from tasks.intake.content import Content
from tasks.intake.files import CASES, FILES, ORDERS
from tasks.intake.forms import CellSetting
from tasks.intake.manifest import Manifest, Mode, unknown_files
from tasks.intake.merging import MergeTerms, check_rejected, merge, reject_by_ref, warn_of_contacts
from tasks.intake.offence_codes import count_unwatched, told_codes
from tasks.intake.options import Options
from tasks.intake.results import Fate, FileCount, LoadResult
from tasks.intake.rows import RowJudge
from tasks.intake.sent_columns import SentColumns
from tasks.intake.sent_files import SentFiles
from tasks.intake.sentences import printable, without_cells
from tasks.intake.staff_files import CONTACTS
from tasks.intake.staging import Findings, describe, stage
from tasks.intake.volume import Unlike, check_like
from tasks.platform.configuration import Configuration
from tasks.platform.erased_digest import erased_digest
from tasks.platform.text import moment

MOST_OF_STALKING = 1_000  # lines of a file's rejected rows of open stalking cases that are kept
SHOWN = 5  # problems and warnings of each file that the command prints; the rejects files list all


class ExtractLoad:
    """One extract, loaded in the caller's transaction."""

    def __init__(
        self,
        configuration: Configuration,
        connection: Connection,
        manifest: Manifest,
        content: Content,
        options: Options,
    ) -> None:
        self.configuration = configuration
        self.connection, self.manifest, self.content, self.options = connection, manifest, content, options
        self.setting = CellSetting(manifest.day, frozenset(manifest.covers), options.domains)
        self.rejected_to = options.rejected / manifest.extract_id if options.rejected else None
        self.counts: dict[str, FileCount] = {}
        self.findings: dict[str, Findings] = {}

    def load(self, folder: str) -> LoadResult:
        """Load the extract. Raises Refuse, after which the caller must roll back; a trial goes on where it can."""
        manifest, connection, going_on = self.manifest, self.connection, self.options.going_on
        before = extracts.sender(connection, manifest.source)
        with going_on():
            self._check_moment()
            self._check_source(before)
        source_id = self._source()
        files = self._with_header()
        came = SentFiles(manifest, self.configuration.policy.feeds, source_files.known(connection, source_id))
        sent = self._sent_columns(files, source_id, came.stay_out())
        day_before = london_day(before.last_extracted_at) if before else None
        terms = MergeTerms(manifest, source_id, self.options, day_before, sent)
        connection.execute(CreateTable(TOUCHED))
        for file in files:
            with going_on():
                self._read(file, terms)
        files = [file for file in files if file.name in self.findings]
        self._leave_out_erased(files)
        if CASES.name in self.findings:
            terms = terms._replace(unread_cases=self.findings[CASES.name].unreadable)
        for file in files:
            merge(connection, file, self.findings[file.name], terms, self.counts[file.name])
        if not self._is_taken():
            with going_on():
                check_like([*self.counts.values()])
        for file in files:
            self._report(file)
        sent.record(connection, source_id, before.covers if before else ())
        source_files.record(connection, source_id, came.known())
        extract_outcomes.take_over(connection, manifest.day)
        cases = self.counts.get(CASES.name)
        missing = cases.withdrawn if cases else 0
        loaded = LoadResult(
            folder,
            Fate.LOADED,
            manifest.extract_id,
            manifest.source,
            files=tuple(self.counts.values()),
            cases_changed=merging.mark_cases(connection) + (cases.added if cases else 0),
            cases_missing=missing,
            orders_missing=unexpired_orders(connection, describe(CASES), manifest.day) if missing else NO_ORDERS,
            notes=tuple(f"{name} is not a file that Casebeat reads" for name in unknown_files(manifest)),
        )
        read = recording.Read(self.content.digest, self.content.marks)
        extract = recording.loaded(self.configuration, connection, manifest, read, loaded, self.options.as_of)
        if self._is_taken():
            self.options.taken.record(connection, extract)
        return loaded

    def _is_taken(self) -> bool:
        """Return whether a person takes this extract, however unlike its source it is."""
        return self.content.digest == self.options.taken.content

    def _leave_out_erased(self, files: Sequence[File]) -> None:
        """Leave out the rows of erased cases, which a source may send for years; say how many by each file's count."""
        if not erased_cases.any_erased(self.connection):
            return
        about_cases = [(file, rows) for file in files if (rows := describe(file)).names_a_case]
        erased_cases.find(self.connection, [rows for _, rows in about_cases], erased_digest(self.configuration))
        for file, rows in about_cases:
            if file is CASES:
                orders = describe(ORDERS) if ORDERS in files else None
                left = erased_cases.leave_out_cases(self.connection, rows, orders)
                guards.unmark_erased(self.connection)
            else:
                left = erased_cases.leave_out_rows(self.connection, rows)
            if left:
                are, their = ("1 row is", "its case was") if left == 1 else (f"{left:,} rows are", "their cases were")
                self.counts[file.name].notes.append(f"{are} left out, because {their} erased")

    def _check_moment(self) -> None:
        """Refuse an extract of a moment that has not come: later rounds would find the machine's clock behind it."""
        now, taken = clocks.of_database(self.connection).at, self.manifest.extracted_at
        if self.configuration.settings.clock is Clock.REAL and taken > now + self.configuration.policy.clock.tolerance:
            raise Refuse(
                f"Extract {self.manifest.extract_id} was taken on {moment(taken)}, which has not come "
                f"(it is {moment(now)}): either clock is wrong. It can be loaded once that moment has come."
            )

    def _check_source(self, before: Sender | None) -> None:
        """Raise Refuse if the source, as it is known before this extract, cannot have sent it."""
        manifest = self.manifest
        if before and before.agency is not manifest.agency:
            raise Refuse(f"Source {manifest.source} sent as {before.agency} before, and now as {manifest.agency}.")
        if before and manifest.extracted_at < before.last_extracted_at and not self.options.allowed.older:
            raise Refuse(
                f"Extract {manifest.extract_id} was taken at {manifest.extracted_at.isoformat()}, before the last one "
                f"loaded from {manifest.source} ({before.last_extracted_at.isoformat()}); --allow-older loads it."
            )
        self._check_nothing_held()

    def _check_nothing_held(self) -> None:
        """Raise Unlike for a delta while one before it is held: it tells only what has changed since."""
        manifest = self.manifest
        held = extracts.held_before(self.connection, manifest.source, manifest.extracted_at)
        if held and manifest.mode is Mode.DELTA and not self._is_taken():
            raise Unlike(f"it tells what changed since extract {held}, which is held")

    def _source(self) -> int:
        manifest = self.manifest
        who = manifest.source, manifest.agency, manifest.covers
        return extracts.record_source(self.connection, *who, manifest.extracted_at, self.options.as_of)

    def _with_header(self) -> list[File]:
        """Return the files that can be begun. Raises Refuse if one has no header; a trial goes on without it."""
        found = []
        for file in (file for name, file in FILES.items() if name in self.manifest.files):
            with self.options.going_on():
                self.content.tables.rows(file.name)
                found.append(file)
        return found

    def _sent_columns(self, files: Sequence[File], source_id: int, out: frozenset[str]) -> SentColumns:
        """Read the headers. Raises Refuse if a snapshot has lost a column."""
        headers = {file.name: self.content.tables.rows(file.name).header for file in files}
        sent = SentColumns.read(self.connection, self.manifest, source_id, headers, out)
        with self.options.going_on():
            if not self.options.allowed.fewer_columns:
                sent.check_none_is_lost()
        return sent

    def _read(self, file: File, terms: MergeTerms) -> None:
        """Copy a file into its temporary table and find every problem of its rows."""
        if file.only_from and file.only_from is not self.manifest.agency:
            raise Refuse(f"{file.name} comes from {file.only_from} only, and this extract is {self.manifest.agency}'s.")
        tables, options = self.content.tables, self.options
        rows = tables.rows(file.name)
        judge = RowJudge(file, rows.header, self.manifest.mode, self.setting)
        findings = stage(self.connection, judge, rows, tables.expected(file.name), options.progress)
        with options.going_on():
            tables.check(file.name, findings.rows)
        reject_by_ref(self.connection, file, findings, terms)
        if self.rejected_to:
            rejects.write_rejected(self.rejected_to, tables.originals(file.name), findings)
        self.findings[file.name] = findings
        self.counts[file.name] = _count(file.name, findings, tables.notes(file.name), judge)
        with options.going_on():
            check_rejected(file.name, findings, options.limits)
        with options.going_on():
            codes = told_codes(self.connection, file, rows.header, options.limits.more_than_rows)
            self.counts[file.name].notes.extend(codes)
        if file is CASES:
            count_unwatched(self.connection, findings, self.counts[file.name])

    def _report(self, file: File) -> None:
        """Report findings that need every file merged: contacts unknown or without the role, and waiting rows."""
        count, findings = self.counts[file.name], self.findings[file.name]
        contacts = CONTACTS if CONTACTS.name in self.findings else None
        count.warned = warn_of_contacts(self.connection, file, findings, self.manifest.day, contacts)
        count.waiting = merging.waiting(self.connection, describe(file))
        if findings.problems and describe(file).names_a_case:
            lines = rejected_rows.lines_of_stalking(self.connection, describe(file), MOST_OF_STALKING)
            of_stalking = sorted({*lines, *findings.unreadable_lines[:MOST_OF_STALKING]})
            count.of_stalking = [findings.place(line) for line in of_stalking]
        if self.rejected_to:
            rejects.write_warnings(self.rejected_to, file.name, findings)
        for kind, by_line in (("", findings.problems), ("warning: ", findings.warnings)):
            for line in sorted(by_line)[:SHOWN]:
                plain = "; ".join(map(without_cells, by_line[line]))
                count.examples.append(f"line {findings.place(line)}: {kind}{plain}")


def _count(name: str, findings: Findings, notes: list[str], judge: RowJudge) -> FileCount:
    count = FileCount(name, rows=findings.rows, rejected=len(findings.problems), notes=notes)
    if judge.unknown:
        count.notes.append(f"unknown columns, ignored: {', '.join(sorted(set(map(_named, judge.unknown))))}")
    return count


def _named(column: str) -> str:
    return printable(column) or "(no name)"
