"""Files of rejected rows for the records clerk: original columns, line number, and every problem. Nobody else reads."""

import csv
from collections.abc import Iterator, Sequence
from pathlib import Path

from tasks.intake.staging import Findings
from tasks.intake.tables import OriginalRows
from tasks.platform.home import privately

LONGEST = 32_000  # characters; a spreadsheet cuts longer cells
_BEGINS_A_FORMULA = frozenset("=+-@%|＝＋－＠％｜")  # noqa: RUF001  the full-width forms are meant


def safe(cell: str) -> str:
    """Make a cell that no spreadsheet runs as a formula and that contains no line end."""
    plain = cell.replace("\x00", "").replace("\r", " ").replace("\n", " ")[:LONGEST]
    risky = plain.lstrip()[:1] in _BEGINS_A_FORMULA or cell[:1] in {"\t", "\r", "\n"}
    return f"'{plain}" if risky else plain


def write_rejected(folder: Path, originals: Sequence[OriginalRows], findings: Findings) -> None:
    """Write the rejected rows to `<folder>/<file>`; without any, remove that file of an earlier attempt."""
    for rows in originals:
        header = [*rows.header, "line", "problems"]
        _write(folder / rows.name, header, _rejected(rows, findings), wanted=bool(findings.problems))


def _rejected(rows: OriginalRows, findings: Findings) -> Iterator[list[str]]:
    width = len(rows.header)
    for line, row in rows:
        if line in findings.problems:
            cells = [""] * width if isinstance(row, str) else [*row][:width]
            yield [*cells, findings.place(line), _joined(findings.problems[line])]


def write_warnings(folder: Path, name: str, findings: Findings) -> None:
    """Write `<folder>/warnings-<file>` with each line's warnings. These rows were loaded."""
    warnings = findings.warnings
    found = ([findings.place(line), _joined(warnings[line])] for line in sorted(warnings))
    _write(folder / f"warnings-{name}", ["line", "warnings"], found, wanted=bool(warnings))


def _joined(sentences: Sequence[str]) -> str:
    return "; ".join(sentences)


def _write(path: Path, header: list[str], found: Iterator[list[str]], *, wanted: bool) -> None:
    if not wanted:
        path.unlink(missing_ok=True)
        return
    for folder in (path.parent.parent, path.parent):
        folder.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        folder.mkdir(exist_ok=True, mode=0o700)  # one that is there stays as it is: the file is its owner's alone
    partial = path.with_name(f".{path.name}.part")
    partial.unlink(missing_ok=True)
    with open(partial, "x", encoding="utf-8", newline="", opener=privately) as out:
        writer = csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
        writer.writerow(map(safe, header))
        writer.writerows(list(map(safe, row)) for row in found)
    partial.replace(path)


def close(folder: Path) -> None:
    """Close the data directory's own folder of rejected rows, and those in it, if an earlier version left them open."""
    for each in (folder, *folder.glob("*")):
        if each.is_dir() and not each.is_symlink() and each.stat().st_mode & 0o077:
            each.chmod(0o700)
