"""Days by specification 3: working days of England and Wales, days, months."""

from __future__ import annotations

import calendar
import re
from datetime import date, timedelta
from functools import cache

import holidays

DAY = timedelta(days=1)
WEEKEND = 5
RISKS = ("high", "medium", "standard")


@cache
def _bank_holidays(year: int) -> frozenset[date]:
    return frozenset(holidays.country_holidays("GB", subdiv="ENG", years=year))


def working(day: date) -> bool:
    """Return whether a day is Monday to Friday and no bank holiday."""
    return day.weekday() < WEEKEND and day not in _bank_holidays(day.year)


def _working_days(day: date, count: int) -> date:
    if count == 0:
        while not working(day):
            day += DAY
        return day
    step = DAY if count > 0 else -DAY
    for _ in range(abs(count)):
        day += step
        while not working(day):
            day += step
    return day


def said_by(day: date) -> date:
    """Give the day, if it is a working day, or else the working day before it."""
    return day if working(day) else _working_days(day, -1)


def _months(day: date, count: int) -> date:
    whole = day.year * 12 + day.month - 1 + count
    year, month = divmod(whole, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(day.day, last))


def add(day: date, duration: str) -> date:
    """Add a duration such as `10wd`, `-28d` or `6m` to a day."""
    sign, number, unit = re.fullmatch(r"([+-]?)(\d+)(wd|d|m)", duration).groups()
    count = int(number) * (-1 if sign == "-" else 1)
    if unit == "wd":
        return _working_days(day, count)
    return _months(day, count) if unit == "m" else day + count * DAY


def by_risk(table: str | tuple[str, str, str], risk: str | None) -> str:
    """Choose from a table for high, medium and standard; an unknown risk reads as high."""
    return table if isinstance(table, str) else table[RISKS.index(risk or "high")]
