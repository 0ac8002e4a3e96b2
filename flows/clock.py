"""The one clock. Everything below is told the moment, or the day."""

from datetime import UTC, date, datetime, time

import pendulum

from config.london import LONDON


def moment(as_of: datetime | None = None) -> datetime:
    """The moment that the caller names, or else now, in UTC. A moment without a zone is a ValueError."""
    if as_of is None:
        return datetime.fromtimestamp(pendulum.now("UTC").timestamp(), UTC)
    if as_of.tzinfo is None:
        raise ValueError("a moment needs its zone")
    return as_of.astimezone(UTC)


def london_day(at: datetime) -> date:
    """The civil day in London at a moment. A moment without a zone is a ValueError."""
    if at.tzinfo is None:
        raise ValueError("a moment needs its zone")
    return at.astimezone(LONDON).date()


def at_london(day: date, clock: time = time(8)) -> datetime:
    """The moment, in UTC, at which London's clocks show `clock` on `day`; the earlier one where they show it twice."""
    return datetime.combine(day, clock, LONDON).astimezone(UTC)
