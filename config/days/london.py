"""The one time zone of Casebeat's days and hours."""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")


def london_day(at: datetime) -> date:
    """Return the civil day in London at a moment. Raises ValueError for a moment without a time zone."""
    if at.tzinfo is None:
        raise ValueError("a moment needs its zone")
    return at.astimezone(LONDON).date()


def at_london(day: date, clock: time = time(8)) -> datetime:
    """Return the moment, in UTC, when London clocks show `clock` on `day`; the earlier one if they show it twice."""
    return datetime.combine(day, clock, LONDON).astimezone(UTC)
