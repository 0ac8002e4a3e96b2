"""Refreshing: changed cases are projected before a list is read, so that it always shows the current facts."""

from datetime import date, datetime

from tasks.obligations import organisation, projection
from tasks.platform import round_lock


def refresh(today: date, at: datetime, force_code: str | None = None) -> None:
    """Project what has changed, in every force or in one, and the book as a whole."""
    for each in round_lock.forces():
        if force_code in {None, each} and projection.stale(each):
            with round_lock.force_lock(each):
                projection.project(each, today, at)
    if force_code is None:
        with round_lock.force_lock(round_lock.ORGANISATION):
            organisation.project(today, at)
