"""A source's own files, joined and merged on disk, beside a plain join of the same files in SQLite."""

import csv
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from functools import partial
from pathlib import Path
from typing import NamedTuple

from benchmarks.clock import Figure, worked
from flows.configured import configured
from tasks.intake.profiles.export import made_tables, open_export, read_export

STEP = 7_919  # a prime, so that the second file has the keys of the first in another order
FLAT = 64  # MB, by which the process may grow, however many the rows
_CACHE = 16 << 10  # KiB, as much as the product gives SQLite
_HEAD = """
agency: police
covers: [45]
days: YYYY-MM-DD
files:
"""
_OWN = """
  - read: crimes.csv
    {look_up}
    makes:
      - rows_of: cases.csv
        {merged_by}
        columns:
          {{force_code: {{always: 45}}, case_ref: Crime, opened_on: Opened, offence_codes: Code, oic_ref: OIC{more}}}
"""
_LOOK_UP = "look_up: {as: Grade, in: grades.csv, by: {own: Crime, theirs: Ref}, newest_by: At}"
_MERGED = """
  - read: grades.csv
    makes:
      - rows_of: cases.csv
        merged_by: case_ref
        columns: {case_ref: Ref, risk: Level, risk_assessed_on: At}
"""
PROFILES = {
    "made as they are": _OWN.format(look_up="", merged_by="", more=""),
    "joined with as many (look_up, newest_by)": _OWN.format(
        look_up=_LOOK_UP, merged_by="", more=", risk: Grade / Level"
    )
    + "  - {read: grades.csv}\n",
    "merged with as many (merged_by)": _OWN.format(look_up="", merged_by="merged_by: case_ref", more="") + _MERGED,
}
_FLOORS = {
    "joined with as many (look_up, newest_by)": "select a.*, b.* from crimes a left join grades b on b.c0 = a.c0",
    "merged with as many (merged_by)": "select * from crimes a, grades b where b.c0 = a.c0 order by a.c0",
}
_AIMS = dict(zip(_FLOORS, (3, 4), strict=True))  # times the floor


class Measured(NamedTuple):
    """The processor seconds of some work, and by how many MB the process grew at most."""

    seconds: float
    grown: int


def figures(rows: int, folder: Path) -> Iterator[tuple[Figure, int]]:
    """Measure each way of making so many rows, with the growth of the process; not yet loaded."""
    source = folder / "crimes-45"
    source.mkdir(parents=True)
    _write(source, rows)
    for work, files in PROFILES.items():
        profile = folder / "crimes-45.yaml"
        profile.write_text(_HEAD + files, encoding="utf-8")
        made = _measured(partial(_make, source, profile, rows))
        statement = _FLOORS.get(work)
        floor = worked(_read, source / "crimes.csv") if statement is None else worked(_join, source, folder, statement)
        yield Figure(f"rows {work}", made.seconds, floor, _AIMS.get(work)), made.grown


def _write(folder: Path, rows: int) -> None:
    with (folder / "crimes.csv").open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file)
        out.writerow(["Crime", "Opened", "Code", "OIC"])
        out.writerows((f"{n:07}/26", "2026-11-02", "PH97010", f"{n % 900:06}") for n in range(rows))
    with (folder / "grades.csv").open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file)
        out.writerow(["Ref", "At", "Level"])
        out.writerows((f"{n * STEP % rows:07}/26", "2026-11-03", "high") for n in range(rows))


def _make(source: Path, profile: Path, rows: int) -> None:
    """Make every row. Raises SystemExit for another number of rows, which would make the figure worthless."""
    export = read_export(source, profile)
    with ExitStack() as stack:
        tables, _ = made_tables(configured(), export, open_export(source, export, stack))
        made = sum(map(len, tables.rows("cases.csv").batches()))
    if made != rows:
        raise SystemExit(f"{made:,} rows were made, not {rows:,}")


def _read(path: Path) -> None:
    with path.open(encoding="utf-8", newline="") as file:
        for _row in csv.reader(file):
            pass


def _join(source: Path, folder: Path, statement: str) -> None:
    with closing(sqlite3.connect(folder / "floor.sqlite", isolation_level=None)) as file:
        for setting in ("journal_mode = off", "synchronous = off", f"cache_size = -{_CACHE}"):
            file.execute(f"pragma {setting}")
        file.execute("begin")
        for name in ("crimes", "grades"):
            with (source / f"{name}.csv").open(encoding="utf-8", newline="") as text:
                rows = csv.reader(text)
                columns = ", ".join(f"c{at}{' primary key' * (at == 0)}" for at in range(len(next(rows))))
                values = columns.count(",") * "?, " + "?"
                file.execute(f"create table {name} ({columns}) without rowid")
                file.executemany(f"insert into {name} values ({values})", rows)
        for _row in file.execute(statement):
            pass
    (folder / "floor.sqlite").unlink()


def _measured(work: Callable[[], None]) -> Measured:
    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")  # the peak begins again from here
    before = _held("VmRSS")
    return Measured(worked(work), _held("VmHWM") - before)


def _held(name: str) -> int:
    lines = Path("/proc/self/status").read_text(encoding="utf-8").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(f"{name}:")) // 1024
