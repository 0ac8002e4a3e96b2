"""Calendar months, as the report names them: 2026-10."""

import re
from datetime import date, timedelta
from typing import NamedTuple

_FORM = re.compile(r"(20[0-9]{2})-(0[1-9]|1[0-2])", re.ASCII)


class Month(NamedTuple):
    """A calendar month of a year."""

    year: int
    number: int  # from 1

    def __str__(self) -> str:
        """Write it as 2026-10."""
        return f"{self.year}-{self.number:02}"

    @property
    def first(self) -> date:
        """Its first day."""
        return date(self.year, self.number, 1)

    @property
    def last(self) -> date:
        """Its last day."""
        return self.back(-1).first - timedelta(days=1)

    def back(self, months: int) -> "Month":
        """Return the month so many months earlier."""
        whole = self.year * 12 + self.number - 1 - months
        return Month(whole // 12, whole % 12 + 1)


def read_month(text: str) -> Month:
    """Read 2026-10. Raises ValueError for anything else."""
    if not (match := _FORM.fullmatch(text)):
        raise ValueError("a month is written as 2026-10")
    return Month(int(match[1]), int(match[2]))


def month_of(day: date) -> Month:
    """Return the month of a day."""
    return Month(day.year, day.month)
