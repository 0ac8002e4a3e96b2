"""A file on its way into its temporary table: read, judged and copied in one pass, a few thousand rows at a time."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from functools import cache
from typing import Any, cast

from sqlalchemy import Connection, Table, text
from sqlalchemy.schema import CreateTable

from models.queries.staged import Staged, staged
from tasks.intake.columns import File
from tasks.intake.reading import Rows
from tasks.intake.results import Progress
from tasks.intake.rows import RowJudge

BATCH = 2_000


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
    connection.execute(text(f"analyze {table.name}"))
    return findings


def _judged(judge: RowJudge, rows: Rows, findings: Findings, expected: int, progress: Progress) -> Iterator[str]:
    """COPY text, a batch at a time."""
    batch: list[str] = []
    for line, row in rows:
        findings.rows += 1
        if isinstance(row, str):
            findings.unreadable += 1
            findings.problem(line, row)
            continue
        judged = judge.judge(line, row)
        batch.append(judged.text)
        if judged.problems:
            findings.problems[line] = list(judged.problems)
        if judged.warnings:
            findings.warnings[line] = list(judged.warnings)
        if len(batch) >= BATCH:
            yield "".join(batch)
            batch.clear()
            progress(rows.name, findings.rows, expected)
    yield "".join(batch)
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
