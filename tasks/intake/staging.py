"""Staging of a file: read, validate and copy it into its temporary table in one pass, in batches of rows."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from functools import cache
from typing import Any, cast

from sqlalchemy import Connection, Table, text
from sqlalchemy.schema import CreateTable

from models.errors import Refuse
from models.queries.intake.staged import Staged, staged
from tasks.intake.columns import File
from tasks.intake.results import Progress
from tasks.intake.rows import JudgedRow, RowJudge
from tasks.intake.tables import FileRows

MOST = 200_000  # rows with problems, and rows with warnings, of one file: some 500 bytes each are kept of them


@dataclass
class Findings:
    """Problems and warnings of a file's rows, by line; memory grows with the problems, not with the rows."""

    rows: int = 0
    unreadable_lines: list[int] = field(default_factory=list)  # of rows whose key cannot be read
    more_warnings: int = 0  # counted and not kept
    place: Callable[[int], str] = str  # of a line, as a person finds it
    problems: dict[int, list[str]] = field(default_factory=dict)
    warnings: dict[int, list[str]] = field(default_factory=dict)

    @property
    def unreadable(self) -> int:
        """Return the number of rows whose key cannot be read."""
        return len(self.unreadable_lines)

    def problem(self, line: int, sentence: str) -> None:
        """Add a problem to a line."""
        self.problems.setdefault(line, []).append(sentence)

    def warn(self, line: int, sentence: str) -> None:
        """Add a warning to a line."""
        self.warnings.setdefault(line, []).append(sentence)

    def whole(self, rows: Sequence[tuple[int, Sequence[str] | str]]) -> list[tuple[int, Sequence[str]]]:
        """Return the readable rows, and record a problem for each of the others."""
        whole = [(line, row) for line, row in rows if not isinstance(row, str)]
        for line, row in rows if len(whole) < len(rows) else ():
            if isinstance(row, str):
                self.unreadable_lines.append(line)
                self.problem(line, row)
        return whole

    def noted(self, judged: str | JudgedRow) -> str:
        """Record the findings of a validated row and return its COPY text."""
        if isinstance(judged, str):
            return judged
        if judged.problems:
            self.problems[judged.line] = list(judged.problems)
        if judged.warnings and len(self.warnings) < MOST:
            self.warnings[judged.line] = list(judged.warnings)
        else:
            self.more_warnings += len(judged.warnings)
        return judged.text


@cache
def describe(file: File) -> Staged:
    """Describe the temporary table of a file."""
    columns = [(column.name, column.kept_as or f"checked_{column.name}") for column in file.columns]
    return staged(cast("Table", file.table.__table__), columns, file.key)


def stage(connection: Connection, judge: RowJudge, rows: FileRows, expected: int, progress: Progress) -> Findings:
    """Copy every row into the file's temporary table, and return the findings."""
    table = describe(judge.file).table
    connection.execute(CreateTable(table))
    findings = Findings(place=rows.place)
    stream = _Stream(_judged(judge, rows, findings, expected, progress))
    driver: Any = connection.connection
    with closing(driver.cursor()) as cursor:
        cursor.copy_expert(f"copy {table.name} from stdin", stream, 1 << 16)
    if stream.fault:
        raise stream.fault
    connection.execute(text(f"analyze {table.name} ({', '.join(describe(judge.file).joined)})"))
    return findings


def refuse_too_many(name: str, rejected: int) -> None:
    """Raise Refuse for a file with more rejected rows than memory should hold."""
    if rejected > MOST:
        raise Refuse(f"{name}: more than {MOST:,} rows were rejected, and the rest was not read; mend the file.")


def _judged(judge: RowJudge, rows: FileRows, findings: Findings, expected: int, progress: Progress) -> Iterator[str]:
    """Yield COPY text, one batch at a time."""
    for batch in rows.batches():
        findings.rows += len(batch)
        yield "".join([findings.noted(judged) for judged in judge.judge(findings.whole(batch))])
        refuse_too_many(rows.name, len(findings.problems))
        progress(rows.name, findings.rows, expected)
    progress(rows.name, findings.rows, expected)


class _Stream:
    """The input of COPY. It keeps an error of the validation, so that `stage` can raise it unchanged."""

    def __init__(self, batches: Iterator[str]) -> None:
        self._batches = batches
        self.fault: Exception | None = None

    def read(self, size: int = -1) -> str:
        """Return the next batch; an empty string at the end."""
        del size
        try:
            return next((batch for batch in self._batches if batch), "")
        except Exception as error:  # noqa: BLE001  raised again by `stage`, outside the driver
            self.fault = error
            return ""
