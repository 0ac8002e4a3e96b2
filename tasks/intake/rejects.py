"""The rows that were rejected, written back for the records clerk: original columns, the line, and every problem."""

import csv
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from tasks.intake.reading import Rows
from tasks.intake.staging import Findings

LONGEST = 32_000  # characters; beyond that a spreadsheet cuts a cell itself
_BEGINS_A_FORMULA = frozenset("=+-@%|＝＋－＠％｜")  # noqa: RUF001  the full-width forms are meant


def safe(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula, and that holds no line end."""
    plain = cell.replace("\x00", "").replace("\r", " ").replace("\n", " ")[:LONGEST]
    risky = plain.lstrip()[:1] in _BEGINS_A_FORMULA or cell[:1] in {"\t", "\r", "\n"}
    return f"'{plain}" if risky else plain


def write_rejected(folder: Path, rows: Rows, findings: Findings) -> None:
    """Write `<folder>/<file>` with the rejected rows; without any, what an earlier try left is removed."""
    width = len(rows.header)
    found = (
        [*(row if isinstance(row, list) else [""] * width)[:width], str(line), _joined(findings.problems[line])]
        for line, row in rows
        if line in findings.problems
    )
    _write(folder / rows.name, [*rows.header, "line", "problems"], found, wanted=bool(findings.problems))


def write_warnings(folder: Path, name: str, warnings: Mapping[int, Sequence[str]]) -> None:
    """Write `<folder>/warnings-<file>`: the line and its warnings. These rows were loaded."""
    found = ([str(line), _joined(warnings[line])] for line in sorted(warnings))
    _write(folder / f"warnings-{name}", ["line", "warnings"], found, wanted=bool(warnings))


def _joined(words: Sequence[str]) -> str:
    return "; ".join(words)


def _write(path: Path, header: list[str], found: Iterator[list[str]], *, wanted: bool) -> None:
    if not wanted:
        path.unlink(missing_ok=True)
        return
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    partial = path.with_name(f".{path.name}.part")
    with partial.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
        writer.writerow(map(safe, header))
        writer.writerows(list(map(safe, row)) for row in found)
    partial.replace(path)
