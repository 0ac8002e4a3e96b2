"""Refreshing: changed cases are projected before a list is read, so that it always shows the current facts."""

from datetime import date, datetime

from config.days.london import london_day
from flows.clock import moment, worked_at
from flows.configured import configured
from flows.typed import read_as_of
from tasks.obligations import organisation, projection
from tasks.platform.configuration import Configuration
from tasks.servers import round_lock


def refreshed(as_of: str | None, force_code: str | None = None) -> tuple[Configuration, date]:
    """Read the settings and the day of a list, as it is typed, project what has changed, and return both.

    Raises Refuse as `read_day` and `moment` do.
    """
    configuration, at = configured(), moment(read_as_of(as_of))
    today = london_day(at)
    refresh(configuration, today, at, force_code)
    return configuration, today


def refresh(configuration: Configuration, today: date, at: datetime, force_code: str | None = None) -> None:
    """Project what has changed, in every force or in one, and the book as a whole.

    What changed is never recorded under a day before the last round, whichever day a list is of: ladders only climb. It
    is recorded under the present moment, so that the next round is known to have not yet looked at it.
    """
    at = worked_at(at)
    for force in round_lock.forces():
        if force_code in {None, force} and projection.stale(configuration, force):
            with round_lock.force_lock(force):
                projection.project(configuration, force, _not_before(force, today), at)
    if force_code is None:
        with round_lock.force_lock(round_lock.ORGANISATION):
            organisation.project(configuration, _not_before(None, today), at)


def _not_before(force_code: str | None, today: date) -> date:
    last = round_lock.last_round(force_code)
    return today if last is None else max(today, last.day)
