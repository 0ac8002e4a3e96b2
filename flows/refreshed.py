"""A list is always of the facts as they are: what has changed is projected before it is read."""

from datetime import date, datetime

from tasks import projection, rounds, whole_book


def refreshed(today: date, at: datetime, force_code: str | None = None) -> None:
    """Project what has changed, in every force or in one, and the book as a whole."""
    for each in rounds.forces():
        if force_code in {None, each} and projection.stale(each):
            with rounds.force_lock(each):
                projection.project(each, today, at)
    if force_code is None:
        with rounds.force_lock(rounds.WHOLE_BOOK):
            whole_book.project(today, at)
