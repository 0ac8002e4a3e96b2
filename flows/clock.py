"""The one clock. Every layer below receives the moment or the day as a value."""

from datetime import UTC, date, datetime, time

import pendulum

from config.london import LONDON


def moment(as_of: datetime | None = None) -> datetime:
    """Return the moment that the caller names, or now, in UTC. Raises ValueError for a moment without a time zone."""
    if as_of is None:
        return datetime.fromtimestamp(pendulum.now("UTC").timestamp(), UTC)
    if as_of.tzinfo is None:
        raise ValueError("a moment needs its zone")
    return as_of.astimezone(UTC)


def london_day(at: datetime) -> date:
    """Return the civil day in London at a moment. Raises ValueError for a moment without a time zone."""
    if at.tzinfo is None:
        raise ValueError("a moment needs its zone")
    return at.astimezone(LONDON).date()


def at_london(day: date, clock: time = time(8)) -> datetime:
    """Return the moment, in UTC, when London clocks show `clock` on `day`; the earlier one if they show it twice."""
    return datetime.combine(day, clock, LONDON).astimezone(UTC)
