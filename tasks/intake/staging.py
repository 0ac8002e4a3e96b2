"""A file on its way into its temporary table: read, judged and copied in one pass, a few thousand rows at a time."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from functools import cache
from itertools import islice
from typing import Any, cast

from sqlalchemy import Connection, Table, text
from sqlalchemy.schema import CreateTable

from models.queries.intake.staged import Staged, staged
from tasks.intake.columns import File
from tasks.intake.reading import Rows
from tasks.intake.results import Progress
from tasks.intake.rows import Judged, RowJudge

BATCH = 250  # rows: what is worked on stays in the processor's cache


@dataclass
class Findings:
    """What was found of a file's rows, by line; memory grows with the problems, not with the rows."""

    rows: int = 0
    unreadable: int = 0  # rows of which not even the key can be told
    problems: dict[int, list[str]] = field(default_factory=dict)
    warnings: dict[int, list[str]] = field(default_factory=dict)

    def problem(self, line: int, words: str) -> None:
        """Note one more problem of a line."""
        self.problems.setdefault(line, []).append(words)

    def warn(self, line: int, words: str) -> None:
        """Note one more warning of a line."""
        self.warnings.setdefault(line, []).append(words)

    def whole(self, rows: list[tuple[int, list[str] | str]]) -> list[tuple[int, list[str]]]:
        """The rows that could be read; of the others, what was wrong with them is noted."""
        whole = [(line, row) for line, row in rows if not isinstance(row, str)]
        for line, row in rows if len(whole) < len(rows) else ():
            if isinstance(row, str):
                self.unreadable += 1
                self.problem(line, row)
        return whole

    def noted(self, judged: str | Judged) -> str:
        """The COPY text of a judged row, once what is to be said of it is noted."""
        if isinstance(judged, str):
            return judged
        if judged.problems:
            self.problems[judged.line] = list(judged.problems)
        if judged.warnings:
            self.warnings[judged.line] = list(judged.warnings)
        return judged.text


@cache
def describe(file: File) -> Staged:
    """The temporary table of a file."""
    columns = [(column.name, column.kept_as or f"checked_{column.name}") for column in file.columns]
    return staged(cast("Table", file.table.__table__), columns, file.key)


def stage(connection: Connection, judge: RowJudge, rows: Rows, expected: int, progress: Progress) -> Findings:
    """Copy every row into the file's temporary table, and gather what is to be said of them."""
    table = describe(judge.file).table
    connection.execute(CreateTable(table))
    findings = Findings()
    stream = _Stream(_judged(judge, rows, findings, expected, progress))
    driver: Any = connection.connection
    with closing(driver.cursor()) as cursor:
        cursor.copy_expert(f"copy {table.name} from stdin", stream, 1 << 16)
    if stream.fault:
        raise stream.fault
    connection.execute(text(f"analyze {table.name} ({', '.join(describe(judge.file).joined)})"))
    return findings


def _judged(judge: RowJudge, rows: Rows, findings: Findings, expected: int, progress: Progress) -> Iterator[str]:
    """COPY text, a batch at a time."""
    coming = iter(rows)
    while batch := list(islice(coming, BATCH)):
        findings.rows += len(batch)
        yield "".join([findings.noted(judged) for judged in judge.judge(findings.whole(batch))])
        progress(rows.name, findings.rows, expected)
    progress(rows.name, findings.rows, expected)


class _Stream:
    """What COPY reads from; a fault while judging is kept, so that it can be raised as it was."""

    def __init__(self, batches: Iterator[str]) -> None:
        self._batches = batches
        self.fault: Exception | None = None

    def read(self, size: int = -1) -> str:
        """The next batch; empty at the end."""
        del size
        try:
            return next((batch for batch in self._batches if batch), "")
        except Exception as error:  # noqa: BLE001  raised again by `stage`, outside the driver
            self.fault = error
            return ""
