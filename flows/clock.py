"""The one clock. Every layer below receives the moment or the day as a value."""

from datetime import UTC, datetime

import pendulum


def moment(as_of: datetime | None = None) -> datetime:
    """Return the moment that the caller names, or now, in UTC. Raises ValueError for a moment without a time zone."""
    if as_of is None:
        return datetime.fromtimestamp(pendulum.now("UTC").timestamp(), UTC)
    if as_of.tzinfo is None:
        raise ValueError("a moment needs its zone")
    return as_of.astimezone(UTC)
