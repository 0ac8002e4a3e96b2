"""Days and times of day as the files write them, and the years that Casebeat knows."""

import re
from datetime import date, datetime, time
from typing import Annotated

from pydantic import BeforeValidator

from config.plain_yaml import shown

FIRST, LAST = date(2000, 1, 1), date(2099, 12, 31)
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
_CLOCK = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])(?::00)?", re.ASCII)


def civil_day(value: object) -> date:
    """Read a day written 2026-11-25. Raises ValueError with a sentence."""
    if isinstance(value, str) and _DAY.fullmatch(value):
        try:
            value = date.fromisoformat(value)
        except ValueError:
            raise ValueError(f'"{value}" is not a day of the calendar') from None
    if not isinstance(value, date) or isinstance(value, datetime):
        raise ValueError(f'"{shown(value)}" is not a day. Write it like 2026-11-25')  # noqa: TRY004  pydantic's own error
    if not FIRST <= value <= LAST:
        raise ValueError(f"{value} is outside the years {FIRST.year} to {LAST.year}")
    return value


def day_if_given(value: object) -> date:
    """Read a day where its line is there: a line without a day would do nothing, and nobody would see it."""
    if value is None:
        raise ValueError("no day is given. Write one like 2026-11-25, or remove the line")
    return civil_day(value)


def london_time(value: object) -> time:
    """Read a time of day written 10:00. Raises ValueError with a sentence."""
    match = _CLOCK.fullmatch(value) if isinstance(value, str) else None
    if match:
        return time(int(match[1]), int(match[2]))
    if isinstance(value, time) and value.tzinfo is None:
        return value
    raise ValueError('is a London time in quotes, without a zone, as "10:00"')


Day = Annotated[date, BeforeValidator(civil_day)]
DayIfGiven = Annotated[date | None, BeforeValidator(day_if_given)]
LondonTime = Annotated[time, BeforeValidator(london_time)]
