"""When a force and a CPS Area sit together (specification 5, Panels), by hand for the few rules a random book uses."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from tests.reading.days import DAY, add, working
from tests.reading.facts import area_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.reading.facts import Row

Pair = tuple[str, str]  # force, Area in small letters
WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
LONDON = ZoneInfo("Europe/London")
WEEK = 7
USUAL = "42d"  # how far ahead is looked where no panel says


def pair_of(case: Row) -> Pair:
    """Give the force and the Area that review a case: those of its own row."""
    return case["force_code"], area_of(case)


@dataclass(frozen=True, order=True)
class Sitting:
    """One sitting of a pair."""

    starts_at: datetime
    ref: str
    day: date
    places: int
    chair: str


@dataclass(frozen=True)
class Panel:
    """The standing arrangement of a pair, as its entry of `panels.yaml` says it."""

    entry: Row

    @property
    def pair(self) -> Pair:
        """The pair it is of."""
        return self.entry["force_code"], self.entry["cps_area"].lower()

    def last(self, today: date) -> date:
        """Give the last day of the horizon."""
        return add(today, self.entry["horizon"])

    def _matches(self, day: date) -> bool:
        rule = dict(part.split("=") for part in self.entry["rrule"].split(";"))
        start = self.entry["from"]
        if day < start:
            return False
        every = int(rule.get("INTERVAL", "1"))
        name = WEEKDAYS[day.weekday()]
        if rule["FREQ"] == "WEEKLY":
            weeks = ((day - day.weekday() * DAY) - (start - start.weekday() * DAY)).days // WEEK
            return weeks % every == 0 and name in rule["BYDAY"].split(",")
        months = (day.year - start.year) * 12 + day.month - start.month
        if months % every:
            return False
        if "BYMONTHDAY" in rule:
            return day.day == int(rule["BYMONTHDAY"])
        count, wanted = int(rule["BYDAY"][:-2]), rule["BYDAY"][-2:]
        nth = (day.day - 1) // WEEK + 1
        is_last = (day + WEEK * DAY).month != day.month
        return name == wanted and (is_last if count == -1 else nth == count)

    def days(self, today: date) -> set[date]:
        """Give the days on which it sits, after today and inside the horizon."""
        found = set()
        day, last = today - 14 * DAY, self.last(today)  # a holiday moves a sitting by less
        while day <= last:
            if self._matches(day):
                if working(day):
                    found.add(day)
                elif self.entry["non_working_day"] == "next":
                    found.add(add(day, "0wd"))
            day += DAY
        return {day for day in found if today < day <= last}


def sittings(panels: list[Panel], today: date) -> dict[Pair, list[Sitting]]:
    """Give each pair's sittings after today, in order; what falls on one moment is one sitting."""
    found: dict[Pair, list[Sitting]] = {}
    for pair in dict.fromkeys(panel.pair for panel in panels):
        at: dict[datetime, Row] = {}
        for panel in panels:
            if panel.pair == pair:
                starts = time.fromisoformat(panel.entry["starts"])
                for day in panel.days(today):
                    at.setdefault(datetime.combine(day, starts, LONDON), panel.entry)
        found[pair] = list(_named(pair, at))
    return found


def _named(pair: Pair, at: dict[datetime, Row]) -> Iterator[Sitting]:
    seen: dict[date, int] = {}
    for moment, entry in sorted(at.items(), key=lambda each: each[0]):
        day = moment.date()
        seen[day] = seen.get(day, 0) + 1
        again = f"-{seen[day]}" if seen[day] > 1 else ""
        ref = f"{pair[0]}-{pair[1].replace(' ', '-')}-{day.isoformat()}{again}"
        yield Sitting(moment, ref, day, entry["cases"], entry["chair"])
