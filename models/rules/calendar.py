"""The working days of England and Wales, and day arithmetic."""

import bisect
import calendar as months
from collections.abc import Iterable
from datetime import date, timedelta
from functools import cached_property
from operator import itemgetter

import holidays

from config.days import civil_days
from config.days.duration import Duration, Unit

FIRST, LAST = civil_days.FIRST, civil_days.LAST
_ZERO = FIRST.toordinal()


class OutsideCalendar(ValueError):
    """A day outside the calendar, which covers 2000 to 2099."""


class WorkingCalendar:
    """The working days: Monday to Friday, without bank holidays, with the local overrides.

    Source: the `holidays` library, GB subdivision ENG. `config/calendar.yaml` adds one-off holidays or turns bank
    holidays into working days.
    """

    def __init__(self, holidays_added: Iterable[date] = (), working_days_added: Iterable[date] = ()) -> None:
        bank = holidays.country_holidays("GB", subdiv="ENG", years=range(FIRST.year, LAST.year + 1))
        self.names: dict[date, str] = {day: bank[day] for day in bank}
        self.names.update(dict.fromkeys(holidays_added, "one-off holiday"))
        for day in working_days_added:
            self.names.pop(day, None)
        self._memo: dict[tuple[date, Duration], date] = {}

    @cached_property
    def _working(self) -> list[int]:
        days = range(_ZERO, LAST.toordinal() + 1)
        closed = {day.toordinal() for day in self.names}
        return [day for day in days if (day - 1) % 7 < 5 and day not in closed]

    @cached_property
    def fingerprint(self) -> str:
        """Return text that changes when any day becomes or stops being a working day.

        A projection of the whole book depends on it.
        """
        return ",".join(sorted(day.isoformat() for day in self.names))

    def is_working(self, day: date) -> bool:
        """Return whether the day is a working day."""
        return day.weekday() < 5 and day not in self.names

    def plus(self, day: date, span: Duration) -> date:
        """Add a span to a day. N working days reach the Nth one after or before it; 0 rolls forward to a working day.

        Days are plain days. Months keep the day of the month, or end on the month's last day. Raises OutsideCalendar if
        the start or the end is not within 2000 to 2099.
        """
        key = (day, span)
        found = self._memo.get(key)
        if found is None:
            found = self._memo[key] = self._plus(day, span)
        return found

    def _plus(self, day: date, span: Duration) -> date:
        if not FIRST <= day <= LAST:
            raise OutsideCalendar(f"{day} is outside the calendar, which covers 2000 to 2099")
        if span.unit is Unit.WORKING_DAYS:
            found = self._working_day(day.toordinal(), span.number)
        elif span.unit is Unit.DAYS:
            found = day + timedelta(days=span.number)
        else:
            year, month = divmod(day.year * 12 + day.month - 1 + span.number, 12)
            found = date(year, month + 1, min(day.day, months.monthrange(year, month + 1)[1]))
        if not FIRST <= found <= LAST:
            raise OutsideCalendar(f"{day} + {span} is outside the calendar, which covers 2000 to 2099")
        return found

    def _working_day(self, ordinal: int, number: int) -> date:
        if number > 0:
            at = bisect.bisect_right(self._working, ordinal) + number - 1
        else:
            at = bisect.bisect_left(self._working, ordinal) + number
        if not 0 <= at < len(self._working):
            raise OutsideCalendar("a working day outside the calendar, which covers 2000 to 2099")
        return date.fromordinal(self._working[at])

    def last_working(self, day: date) -> date:
        """Return the day itself if it is a working day, else the working day before it (or the calendar's first)."""
        at = bisect.bisect_right(self._working, day.toordinal()) - 1
        return date.fromordinal(self._working[max(at, 0)])

    def working_days(self, start: date, end: date) -> int:
        """Count the working days after one day up to another; negative where the other is earlier."""
        first, last = (bisect.bisect_right(self._working, day.toordinal()) for day in (start, end))
        return last - first

    @cached_property
    def _weekday_holidays(self) -> list[tuple[date, str]]:
        return sorted((day, name) for day, name in self.names.items() if day.weekday() < 5)

    def crossed(self, start: date, end: date) -> list[tuple[date, str]]:
        """List the named weekday bank holidays after the earlier and up to the later day: these lengthen a span."""
        low, high = min(start, end), max(start, end)
        held = self._weekday_holidays
        return held[
            bisect.bisect_right(held, low, key=itemgetter(0)) : bisect.bisect_right(held, high, key=itemgetter(0))
        ]
