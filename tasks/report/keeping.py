"""The figures of past months before their cases go: each is kept as it is counted now."""

from collections.abc import Callable
from datetime import date, datetime

from sqlalchemy import Connection

from models.queries.report import kept_figures
from models.rules.report.months import Month, month_of
from tasks.report.figures import count
from tasks.servers.database import transaction

MonthsKept = Callable[[int, int], None]  # progress: months so far, months in total


def keep_past_months(until: date, today: date, at: datetime, progress: MonthsKept) -> int:
    """Keep the figures of each month up to that of a day which was not kept yet, a transaction each; return how many.

    Later months count none of the cases of which all was over by then, and go on being counted.
    """
    with transaction() as connection:
        wanted = _not_kept(connection, until)
    for done, month in enumerate(wanted, start=1):
        with transaction() as connection:
            kept_figures.keep(connection, month.first, count(connection, month, today).by_place, at)
        progress(done, len(wanted))
    return len(wanted)


def _not_kept(connection: Connection, until: date) -> list[Month]:
    """Return the months from the first round's to that of a day which were not kept, the oldest first."""
    first, kept = kept_figures.first_day_of_book(connection), set(kept_figures.kept_months(connection))
    found, month = [], month_of(until)
    while first and month.last >= first:
        if month.first not in kept:
            found.append(month)
        month = month.back(1)
    return found[::-1]
