"""The sittings of a force and a CPS Area (specification 5, Panels), by hand for the few rules that random books use."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import TYPE_CHECKING

from config.days.london import LONDON
from tests.whole.reading.days import DAY, add, working
from tests.whole.reading.facts import area_of

if TYPE_CHECKING:
    from tests.whole.reading.sheets import Row

Pair = tuple[str, str]  # force, Area in small letters
WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
WEEK = 7
USUAL = "42d"  # the horizon where no panel sets one


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
    """The standing arrangement of a pair, from its entry in `panels.yaml`."""

    entry: Row

    @property
    def pair(self) -> Pair:
        """The pair of the panel."""
        return self.entry["force_code"], self.entry["cps_area"].lower()

    @property
    def spocs(self) -> dict[str, str]:
        """The SPOC of each agency whom it names to lead."""
        return self.entry.get("spocs") or {}

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


@dataclass
class Plan:
    """Each pair's sittings to come; they keep their references when a panel is changed."""

    panels: list[Panel]
    to_come: dict[Pair, list[Sitting]] = field(default_factory=dict)
    refs: set[str] = field(default_factory=set)

    def night(self, today: date, waiting: frozenset[str] = frozenset()) -> dict[str, Sitting]:
        """Plan by the panels of forces that do not wait; give the new form of each sitting that is still planned."""
        stay: dict[str, Sitting] = {}
        for pair in dict.fromkeys(panel.pair for panel in self.panels if panel.pair[0] not in waiting):
            asked = self._asked(pair, today)
            planned = [one for one in self.to_come.get(pair, []) if one.day > today]
            found = [(one, one.starts_at) for one in planned if one.starts_at in asked]
            free = [moment for moment in sorted(asked) if moment not in {at for _, at in found}]
            for one in planned:
                same_week = (at for at in free if at.isocalendar()[:2] == one.day.isocalendar()[:2])
                if one.starts_at not in asked and (at := next(same_week, None)):
                    free.remove(at)
                    found.append((one, at))
            named = [(one.ref, at) for one, at in found] + [(self._name(pair, at.date()), at) for at in free]
            every = [Sitting(at, ref, at.date(), asked[at]["cases"], asked[at]["chair"]) for ref, at in named]
            stay |= {one.ref: one for one in every[: len(found)]}
            self.to_come[pair] = sorted(every)
        return stay

    def _asked(self, pair: Pair, today: date) -> dict[datetime, Row]:
        at: dict[datetime, Row] = {}  # days that fall on one moment are one sitting
        for panel in self.panels:
            if panel.pair == pair:
                starts = time.fromisoformat(panel.entry["starts"])
                for day in panel.days(today):
                    at.setdefault(datetime.combine(day, starts, LONDON), panel.entry)
        return at

    def _name(self, pair: Pair, day: date) -> str:
        base = f"{pair[0]}-{pair[1].replace(' ', '-')}-{day.isoformat()}"
        ref, number = base, 1
        while ref in self.refs:
            number += 1
            ref = f"{base}-{number}"
        self.refs.add(ref)
        return ref
