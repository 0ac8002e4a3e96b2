"""`make bench`: measure the daily work, each part against its floor in the same run. `--help` lists the sizes."""

import argparse
import os
import resource
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from benchmarks import audit_log, cold, convening, fleet, floors, history, joins, outbox, rehearsal, work
from benchmarks.book import Scale, write_extract
from benchmarks.clock import Figure, timed
from tasks.servers import postgres, round_lock

COLD = 500  # cases
WAYS = (
    fleet.Way("one process, without Prefect", 0, 1),
    fleet.Way("1 worker, in turn", 1, 1),
    fleet.Way("4 workers, 4 shares", 4, 4),
    fleet.Way("2 workers, 2 shares", 2, 2),
)


def main() -> None:
    """Measure every size asked for, and print a table for docs/performance.md."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, nargs="+", default=[10_000, 100_000, 1_000_000], help="sizes of the book")
    parser.add_argument("--outbox", type=int, metavar="PEOPLE", help="the outbox alone, with this many people")
    parser.add_argument("--history", type=int, metavar="PEOPLE", help="letters with years behind them alone")
    parser.add_argument("--convening", type=int, metavar="CASES", help="convening alone, with this many cases")
    parser.add_argument("--rehearsal", type=int, metavar="CASES", help="a rehearsal alone, with this many cases")
    parser.add_argument("--weeks", type=int, default=8, help="the weeks of a rehearsal")
    parser.add_argument("--fleet", type=int, metavar="CASES", help="one round shared by 1, 2 and 4 workers")
    parser.add_argument("--audit", type=int, metavar="ROWS", help="the audit log alone, with this many rows")
    parser.add_argument("--joins", type=int, metavar="ROWS", help="files of a source's own, joined and merged, alone")
    parser.add_argument("--cold", action="store_true", help="only what a command costs before it does anything")
    asked = parser.parse_args()
    if asked.cold:
        sys.exit(_cold())
    alone: tuple[tuple[int | None, Callable[[int], None]], ...] = (
        (asked.fleet, _fleet),
        (asked.convening, _convening),
        (asked.rehearsal, partial(_rehearsal, weeks=asked.weeks)),
        (asked.outbox, partial(_outbox, figures=outbox.figures)),
        (asked.history, partial(_outbox, figures=history.figures)),
        (asked.joins, _joins),
        (asked.audit, partial(_audit, cases=asked.cases[0])),
    )
    for size, measure in alone:
        if size:
            measure(size)
            return
    sizes = asked.cases
    print("| cases | work | seconds | floor | ratio | aim |\n|---|---|---|---|---|---|")
    nothing = {}
    for cases in sizes:
        for figure in _measure(cases):
            print(figure.row(cases), flush=True)
            if figure.work == work.NOTHING:
                nothing[cases] = figure.seconds
    if len(nothing) > 1:
        print(f"\nNothing due, largest ÷ smallest book: {max(nothing.values()) / min(nothing.values()):.2f} (aim 2)")
    print(f"Peak memory of this process: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} MB (aim 400)")


def _outbox(people: int, *, figures: Callable[[int, Path], Iterator[Figure]]) -> None:
    print("| people | work | seconds | floor | ratio | aim |\n|---|---|---|---|---|---|")
    with _home() as home:
        for figure in figures(people, home):
            print(figure.row(people), flush=True)


def _fleet(cases: int) -> None:
    print(fleet.HEAD)
    with _home() as home:
        for cost in fleet.figures(cases, home, WAYS):
            print(cost.row(), flush=True)


def _audit(rows: int, *, cases: int) -> None:
    """Print the figures of the audit log; its round is that of the first size of the book."""
    print("| cases | work | seconds | floor | ratio | aim |\n|---|---|---|---|---|---|")
    with _home() as home:
        for figure in audit_log.of_round(cases, home):
            print(figure.row(cases), flush=True)
        work.close()
        before = audit_log.peak()
        for figure in audit_log.of_rows(rows):
            print(figure.row(cases), flush=True)
        after = audit_log.peak()
    print(
        f"Peak memory: this process {before.process} MB before the rows and {after.process} MB after them, its session "
        f"of PostgreSQL {before.session} and {after.session} MB beside what all share"
    )


def _joins(rows: int) -> None:
    """Print the figures of joined files, and by how much the process grew."""
    print("| rows | work | seconds | floor | ratio | aim |\n|---|---|---|---|---|---|")
    grown = []
    with _home() as home:
        for figure, megabytes in joins.figures(rows, home / "joins"):
            print(figure.row(rows), flush=True)
            grown.append(megabytes)
    print(f"The process grew by {', '.join(map(str, grown))} MB (aim {joins.FLAT})")


def _convening(cases: int) -> None:
    print("| cases | work | seconds | floor | ratio | aim |\n|---|---|---|---|---|---|")
    for figure in convening.of_values(cases):
        print(figure.row(cases), flush=True)
    with _home() as home:
        os.environ["CASEBEAT_PANELS"] = str(convening.panels(home, cases))
        for figure in convening.of_book(cases, home):
            print(figure.row(cases), flush=True)


def _rehearsal(cases: int, *, weeks: int) -> None:
    print("| cases | work | seconds | floor | ratio | aim |\n|---|---|---|---|---|---|")
    with _home() as home:
        os.environ["CASEBEAT_CLOCK"] = "virtual"
        os.environ["CASEBEAT_PANELS"] = str(convening.panels(home, cases))
        for figure in rehearsal.figures(cases, weeks, home):
            print(figure.row(cases), flush=True)
    print(f"Peak memory of this process: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} MB")


def _cold() -> int:
    """Print the figures of cold commands; 1 if one of them is over its aim."""
    print("| cases | work | seconds | floor | ratio | aim |\n|---|---|---|---|---|---|")
    over = False
    with _home() as home:
        work.intake(write_extract(home / "whole", Scale(COLD, work.FIRST)))
        work.project(work.FIRST)
        for figure in cold.figures(work.one_case()):
            over |= cold.is_over(figure)
            print(figure.row(COLD), flush=True)
    return int(over)


@contextmanager
def _home() -> Iterator[Path]:
    """Provide a temporary data directory with its own database."""
    home = Path(tempfile.mkdtemp(prefix="casebeat-bench-"))
    os.environ.update(CASEBEAT_HOME=str(home), CASEBEAT_CLOCK="virtual")
    try:
        yield home
    finally:
        work.close()
        postgres.stop(home)
        shutil.rmtree(home)


def _measure(cases: int) -> list[Figure]:
    with _home() as home:
        whole = write_extract(home / "whole", Scale(cases, work.FIRST))
        worked = write_extract(home / "worked", Scale(cases, work.SECOND, every=50, begun=work.FIRST))
        moved = write_extract(home / "moved", Scale(cases, work.THIRD, every=50))
        return _figures(whole, worked, moved, small_day=0.1 if cases < 100_000 else 0.06)


def _figures(whole: Path, worked: Path, moved: Path, *, small_day: float) -> list[Figure]:
    copied = floors.copy(whole)
    taken = timed(work.intake, whole)
    work.settle()
    stored = floors.copy_as_stored(whole)
    found = [
        Figure("intake of the extract", taken, copied, None),
        Figure("intake of the extract ÷ COPY into equal tables", taken, stored, 3),
    ]
    first = timed(work.project, work.FIRST)
    work.settle()
    streamed = floors.stream()
    found.append(Figure("whole-book projection, everything written", first, streamed, 12))
    again = timed(work.project_all, work.FIRST)
    found.append(Figure("whole-book projection, nothing different", again, streamed, 12))
    work.take_due_steps(work.FIRST)
    work.settle()
    found.append(Figure(work.NOTHING, timed(work.round_of, work.FIRST), None, None))
    found.append(Figure("the audit of the whole book", timed(work.audit, work.FIRST), None, None))
    found.append(
        Figure("the monthly report, every page of it ÷ streaming", timed(work.report, work.FIRST), streamed, None)
    )
    work.intake(worked)
    found.append(Figure("a day with work on 2 % ÷ whole book", timed(work.project, work.SECOND), first, small_day))
    work.intake(moved)
    day = timed(work.project, work.THIRD)
    found.append(Figure("a day on which every day of 2 % moves ÷ whole book", day, first, small_day))
    work.make_due(work.THIRD, every=50)
    work.settle()
    read = floors.read_due(work.THIRD, round_lock.forces())
    climbed = timed(work.climb, work.THIRD)
    found.append(Figure("climbing when 2 % are due ÷ reading them", climbed, read, 10))
    written = read + floors.write_climbed(work.THIRD)
    found.append(Figure("climbing when 2 % are due ÷ reading, and COPY of what it writes", climbed, written, None))
    return found


if __name__ == "__main__":  # a rehearsal begins a second process, which reads this module
    main()
