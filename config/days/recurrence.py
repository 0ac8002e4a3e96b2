"""Rules of days: the part of RFC 5545's RRULE by which people meet, worked out day by day within the calendar's years.

A library that knows every rule walks to the year 9999 where a rule names no day, which takes many seconds.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, time, timedelta
from typing import NamedTuple, Self

from config.days.civil_days import LAST, civil_day, london_time

FORM = "FREQ=WEEKLY;BYDAY=TU, or FREQ=MONTHLY;BYDAY=1MO,3MO"
_WEEKDAYS = {name: number for number, name in enumerate(("MO", "TU", "WE", "TH", "FR", "SA", "SU"))}
_FREQUENCIES = ("DAILY", "WEEKLY", "MONTHLY", "YEARLY")
_NUMBER = r"[+-]?[0-9]{1,3}"
_FORMS = {
    "FREQ": re.compile("|".join(_FREQUENCIES)),
    "INTERVAL": re.compile(r"[0-9]{1,3}"),
    "COUNT": re.compile(r"[0-9]{1,4}"),
    "UNTIL": re.compile(r"([0-9]{8})(?:T[0-9]{6}Z?)?"),
    "BYDAY": re.compile(
        r"(?:[+-]?[0-9]{1,2})?(?:MO|TU|WE|TH|FR|SA|SU)(?:,(?:[+-]?[0-9]{1,2})?(?:MO|TU|WE|TH|FR|SA|SU))*"
    ),
    "BYMONTHDAY": re.compile(rf"{_NUMBER}(?:,{_NUMBER})*"),
    "BYMONTH": re.compile(r"[0-9]{1,2}(?:,[0-9]{1,2})*"),
    "BYSETPOS": re.compile(rf"{_NUMBER}(?:,{_NUMBER})*"),
    "WKST": re.compile("|".join(_WEEKDAYS)),
}
_LARGEST = {"BYMONTHDAY": 31, "BYMONTH": 12, "BYSETPOS": 366}


class Nth(NamedTuple):
    """A weekday, Monday being 0: every one, or the nth of its month or year, from the end if negative."""

    weekday: int
    nth: int  # 0: every one


@dataclass(frozen=True)
class Recurrence:
    """A rule of days. Empty sets do not restrict."""

    frequency: str
    interval: int
    count: int | None
    until: date
    weekdays: frozenset[Nth]
    month_days: frozenset[int]
    months: frozenset[int]
    positions: frozenset[int]
    week_start: int

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read a rule. Raises ValueError with the reason, which names the part at fault."""
        parts = _parts(text)
        frequency = parts.get("FREQ")
        if frequency is None:
            raise ValueError("has no FREQ")
        interval, count = int(parts.get("INTERVAL", 1)), parts.get("COUNT")
        if interval == 0 or (count is not None and int(count) == 0):
            raise ValueError("has an INTERVAL or a COUNT of 0")
        if count is not None and "UNTIL" in parts:
            raise ValueError("has both COUNT and UNTIL")
        numbers = {name: _numbers(name, parts) for name in _LARGEST}
        weekdays = _weekdays(parts, frequency)
        if numbers["BYSETPOS"] and not (weekdays or numbers["BYMONTHDAY"] or numbers["BYMONTH"]):
            raise ValueError("has BYSETPOS and nothing from which it picks")
        return cls(
            frequency,
            interval,
            int(count) if count is not None else None,
            _until(parts),
            weekdays,
            numbers["BYMONTHDAY"],
            numbers["BYMONTH"],
            numbers["BYSETPOS"],
            _WEEKDAYS[parts.get("WKST", "MO")],
        )

    def days(self, start: date, last: date) -> Iterator[date]:
        """Yield the days of the rule in order, from its start to `last`."""
        end, left = min(last, self.until, LAST), self.count
        for first, length in self._periods(start, end):
            for day in self._picked(first, length, start):
                if day < start:
                    continue
                if day > end or left == 0:
                    return
                yield day
                left = left - 1 if left is not None else None

    def _periods(self, start: date, end: date) -> Iterator[tuple[date, int]]:
        """Yield the first day and the length of each day, week, month or year whose turn it is."""
        first = start
        if self.frequency in {"DAILY", "WEEKLY"}:
            length = 7 if self.frequency == "WEEKLY" else 1
            gone = (start.weekday() - self.week_start) % length  # days of the first week that lie before the start
            while first <= end:
                yield first, length - gone
                first += timedelta(days=length * self.interval - gone)
                gone = 0
            return
        months = self.interval * (12 if self.frequency == "YEARLY" else 1)
        first = start.replace(month=1, day=1) if self.frequency == "YEARLY" else start.replace(day=1)
        while first <= end:
            following = _months_later(first, 12 if self.frequency == "YEARLY" else 1)
            yield first, (following - first).days
            first = _months_later(first, months)

    def _picked(self, first: date, length: int, start: date) -> list[date]:
        """Return the days of one period that the rule names."""
        found = [day for number in range(length) if self._names(day := first + timedelta(days=number), start)]
        if not self.positions:
            return found
        places = {at - 1 if at > 0 else len(found) + at for at in self.positions}
        return [day for number, day in enumerate(found) if number in places]

    def _names(self, day: date, start: date) -> bool:
        """Return whether the parts of the rule name a day; what they leave open follows the start."""
        if self.months and day.month not in self.months:
            return False
        if not self.weekdays and not self.month_days:
            if self.frequency == "WEEKLY":
                return day.weekday() == start.weekday()
            if self.frequency == "MONTHLY":
                return day.day == start.day
            return self.frequency == "DAILY" or (
                day.day == start.day and (bool(self.months) or day.month == start.month)
            )
        if self.month_days and not self.month_days & {day.day, day.day - _month_length(day) - 1}:
            return False
        return not self.weekdays or any(self._is_nth(day, weekday) for weekday in self.weekdays)

    def _is_nth(self, day: date, nth: Nth) -> bool:
        if nth.weekday != day.weekday():
            return False
        if nth.nth == 0:
            return True
        number, length = day.day, _month_length(day)
        if self.frequency == "YEARLY" and not self.months:
            number, length = day.timetuple().tm_yday, date(day.year, 12, 31).timetuple().tm_yday
        return nth.nth == ((number - 1) // 7 + 1 if nth.nth > 0 else -((length - number) // 7 + 1))


class Timetable(NamedTuple):
    """A rule with the day and the London time from which it runs: equal ones name the same moments."""

    start: date
    clock: time
    text: str

    def __str__(self) -> str:
        """Write it as one line, which `parse` reads."""
        return f"{self.start} {self.clock:%H:%M} {self.text}"

    @classmethod
    def of(cls, start: date, clock: time, text: str) -> Self:
        """Return a rule's timetable, in one spelling."""
        return cls(start, clock, text.upper().removeprefix("RRULE:"))

    @classmethod
    def parse(cls, line: str) -> Self:
        """Read what `str` wrote."""
        start, clock, text = line.split(" ")
        return cls(civil_day(start), london_time(clock), text)

    def days(self, first: date, last: date) -> Iterator[date]:
        """Yield its days from one day to another."""
        return (day for day in Recurrence.parse(self.text).days(self.start, last) if day >= first)

    @property
    def rule(self) -> str:
        """Return the rule without its end."""
        return ";".join(part for part in self.text.split(";") if not part.startswith(("COUNT=", "UNTIL=")))

    @property
    def ends_on(self) -> date | None:
        """Return the last day of a rule that has an end."""
        if self.rule == self.text:
            return None
        return max(self.days(self.start, LAST), default=self.start)


def _parts(text: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for part in text.upper().removeprefix("RRULE:").split(";") if text.isascii() else ["?"]:
        name, _, value = part.partition("=")
        form = _FORMS.get(name)
        if form is None:
            raise ValueError(f"has a part that is not one of {', '.join(_FORMS)}")
        if name in found:
            raise ValueError(f"has {name} twice")
        if not form.fullmatch(value):
            raise ValueError(f"has a {name} that names no days")
        found[name] = value
    return found


def _numbers(name: str, parts: dict[str, str]) -> frozenset[int]:
    found = frozenset(int(number) for number in parts.get(name, "").split(",") if number)
    if any(not 1 <= abs(number) <= _LARGEST[name] for number in found):
        raise ValueError(f"has a {name} beyond {_LARGEST[name]}, or 0")
    return found


def _weekdays(parts: dict[str, str], frequency: str) -> frozenset[Nth]:
    found = frozenset(
        Nth(_WEEKDAYS[each[-2:]], int(each[:-2] or 0)) for each in parts.get("BYDAY", "").split(",") if each
    )
    numbered = [each for each in parts.get("BYDAY", "").split(",") if each[:-2]]
    if numbered and frequency in {"DAILY", "WEEKLY"}:
        raise ValueError(f"numbers its weekdays, which FREQ={frequency} cannot")
    most = 53 if frequency == "YEARLY" and "BYMONTH" not in parts else 5
    if any(not 1 <= abs(int(each[:-2])) <= most for each in numbered):
        raise ValueError(f"numbers a weekday beyond {most}, or 0")
    return found


def _until(parts: dict[str, str]) -> date:
    text = parts.get("UNTIL")
    if text is None:
        return LAST
    try:
        return civil_day(f"{text[:4]}-{text[4:6]}-{text[6:8]}")
    except ValueError as error:
        raise ValueError(f"has an UNTIL that cannot be: {error}") from None


def _months_later(first: date, number: int) -> date:
    year, month = divmod(first.year * 12 + first.month - 1 + number, 12)
    return date(year, month + 1, 1)


def _month_length(day: date) -> int:
    return (_months_later(day.replace(day=1), 1) - timedelta(days=1)).day
