"""The figures of past months before cases go: each month that is over is kept as it is counted now."""

from collections.abc import Callable
from datetime import date, datetime

from sqlalchemy import Connection

from models.queries.report import kept_figures
from models.rules.report.months import Month, month_of
from tasks.platform.database import transaction
from tasks.report.figures import count

MonthsKept = Callable[[int, int], None]  # progress: months so far, months in total


def keep_past_months(today: date, at: datetime, progress: MonthsKept) -> int:
    """Keep the figures of each month that is over and was not kept yet, a transaction each; return how many."""
    with transaction() as connection:
        wanted = _not_kept(connection, today)
    for done, month in enumerate(wanted, start=1):
        with transaction() as connection:
            kept_figures.keep(connection, month.first, count(connection, month, today).by_place, at)
        progress(done, len(wanted))
    return len(wanted)


def _not_kept(connection: Connection, today: date) -> list[Month]:
    """Return the months from the first round's on that are over and not kept, the oldest first."""
    first, kept = kept_figures.first_day_of_book(connection), set(kept_figures.kept_months(connection))
    found, month = [], month_of(today).back(1)
    while first and month.last >= first:
        if month.first not in kept:
            found.append(month)
        month = month.back(1)
    return found[::-1]
