"""The audit log: what sealing adds to a round, and sealing and verifying many rows."""

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from benchmarks import floors, work
from benchmarks.book import Scale, write_extract
from benchmarks.clock import Figure, timed
from models.queries.driver import execute, scalar
from tasks.audit_log import sealing, verifying
from tasks.audit_log.verifying import Verification
from tasks.servers import database

SHARE = 0.1  # of a round, that sealing may take at most
_ROWS = """
insert into audit (verb, by, about, ref, reason, to_ref)
select case n %% 3 when 0 then 'disclosure' else 'alteration' end, 'casebeat',
       case n %% 3 when 0 then 'message' else 'step' end,
       n / 3 || ':' || n %% 4, 'taken', case n %% 3 when 0 then 'P45of' || n %% 900 end
from generate_series(1, %(rows)s) n"""


class Peak(NamedTuple):
    """The most memory that this process, and a session of PostgreSQL beyond what all share, have held; in MB."""

    process: int
    session: int


def of_round(cases: int, home: Path) -> Iterator[Figure]:
    """Seal what an ordinary day's round writes in a book of so many cases."""
    _begin_day(cases, home)
    sealing.seal()
    round_ = timed(work.round_of, work.SECOND)
    written = _verified().unsealed
    yield Figure(f"sealing the {written:,} rows of a day's round ÷ that round", timed(_seal, written), round_, SHARE)


def of_rows(rows: int) -> Iterator[Figure]:
    """Seal so many rows at once, and compare all of them with their seals."""
    owner = database.owner_engine()
    with owner.begin() as connection:
        execute(connection, _ROWS, {"rows": rows})
    owner.dispose()
    work.settle()
    read = floors.digest_audit_rows()
    yield Figure(f"sealing {rows:,} rows ÷ reading them, and a digest of each", timed(_seal, rows), read, None)
    yield Figure("verifying all of them ÷ the same", timed(_verify), read, None)


def peak() -> Peak:
    """Return the most memory so far; of the sessions, that of the one which has held the most."""
    with database.transaction() as connection:
        session = scalar(connection, "select pg_backend_pid()")
    return Peak(_held("self", "VmHWM"), _held(str(session), "VmHWM") - _held(str(session), "RssShmem"))


def _held(process: str, name: str) -> int:
    lines = Path("/proc", process, "status").read_text(encoding="utf-8").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(f"{name}:")) // 1024


def _begin_day(cases: int, home: Path) -> None:
    """Make the book of a day on which 2 % of the cases have changed and 2 % of all steps are due."""
    work.intake(write_extract(home / "whole", Scale(cases, work.FIRST)))
    work.project(work.FIRST)
    work.take_due_steps(work.FIRST)
    work.intake(write_extract(home / "changed", Scale(cases, work.SECOND, every=50)))
    work.make_due(work.SECOND, every=50)
    work.settle()


def _seal(rows: int) -> None:
    """Seal what is not sealed. Raises SystemExit for another number of rows, which would make the figure worthless."""
    if (sealed := sealing.seal()) != rows:
        raise SystemExit(f"{sealed:,} rows were sealed, not {rows:,}")


def _verify() -> None:
    if broken := _verified().broken:
        raise SystemExit(broken)


def _verified() -> Verification:
    return verifying.verify((), lambda _done, _total: None)
