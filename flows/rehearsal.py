"""A rehearsal: today's book run forward under another policy, and beside it under today's, on copies."""

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

from sqlalchemy import Connection

from config.settings import settings
from flows.rehearsed_days import NOBODY_ANSWERS, run_days
from tasks.platform import configuration
from tasks.rehearsal import outcome
from tasks.rehearsal.comparison import Comparison
from tasks.rehearsal.copied_book import copied, one_transaction
from tasks.rehearsal.outcome import RehearsedWeeks

DaysShown = Callable[[str, int, int], None]  # what is run, days so far, days in all


def rehearse(policy: Path, panels: Path | None, first: date, weeks: int, shown: DaysShown) -> Comparison:
    """Run the book for some weeks from a day on, under today's files and under others; nobody answers.

    Raises `Faults` for a faulty file, before anything is run.
    """
    days, now = 7 * weeks, settings()
    with configuration.other_files(policy, panels or now.panels):
        configuration.read_files()
    with one_transaction() as connection:

        def under(name: str, policy: Path, panels: Path) -> RehearsedWeeks:
            return _under(connection, policy, panels, first, days, lambda done: shown(name, done, days))

        today = under("Policy now", now.policy, now.panels)
        other = under("Policy tried", policy, panels or now.panels)
    return Comparison(first, first + timedelta(days=days - 1), today, other)


def _under(
    connection: Connection, policy: Path, panels: Path, first: date, days: int, shown: Callable[[int], None]
) -> RehearsedWeeks:
    with copied(connection), configuration.other_files(policy, panels):
        run_days(connection, first, days, NOBODY_ANSWERS, lambda day: shown((day - first).days + 1))
        return outcome.read(connection, first, first + timedelta(days=days - 1))
