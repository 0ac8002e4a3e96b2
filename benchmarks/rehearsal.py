"""The cost of a rehearsal: weeks of a book under its own policy, and under one that gives actions half their days."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

from benchmarks import work
from benchmarks.book import Scale, write_extract
from benchmarks.clock import Figure, timed
from config.days.london import at_london
from config.settings import settings
from flows.configured import configured
from flows.rehearsal import Trial, rehearse
from tasks.outbox import digests
from tasks.rehearsal import virtual_round
from tasks.servers import round_lock

AIM = 180 / 100_000 / 8  # seconds for each case and week
_TODAYS, _TRIED = "within: 14d", "within: 7d"


def figures(cases: int, weeks: int, home: Path) -> Iterator[Figure]:
    """Measure a rehearsal of so many weeks, after the first round of a book in which every force has panels.

    The mails of that round have left, though nothing of them is composed.
    """
    work.intake(write_extract(home / "whole", Scale(cases, work.FIRST)))
    work.round_of(work.FIRST)
    at = at_london(work.FIRST)
    digests.group(configured(), work.FIRST, at)
    virtual_round.deliver(configured(), at, at_london(work.FIRST + timedelta(days=1)))
    round_lock.people_looked_at()
    work.settle()
    seconds = timed(_rehearse, weeks, home)
    yield Figure(f"rehearsing {weeks} weeks of it under two policies ÷ the aim", seconds, cases * weeks * AIM, 1)


def _rehearse(weeks: int, home: Path) -> None:
    tried = home / "tried.yaml"
    tried.write_text(settings().policy.read_text("utf-8").replace(_TODAYS, _TRIED, 1), "utf-8")
    rehearse(configured(), Trial(tried, None, work.FIRST + timedelta(days=1), weeks), lambda _name, _done, _of: None)
