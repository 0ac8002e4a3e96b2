"""What intake saw from extract to extract (specification 3): a status that changed, bail put off, a risk lowered."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tests.whole.reading.days import RISKS

if TYPE_CHECKING:
    from datetime import date

    from tests.whole.reading.sheets import Key, Row


@dataclass
class Status:
    """What is kept of a suspect's status: since when it stands at the earliest, and how that is known."""

    since: date
    from_the_first: bool  # it was so in its source's first extract
    seen_on: date | None = None  # the extract that changed it
    changed_on: date | None = None  # `status_changed_on`, if it came with it

    @property
    def day(self) -> date:
        """The status day."""
        return self.changed_on or self.since

    def is_known_since(self, charged_on: date | None) -> bool:
        """Return whether it is known to be of the day of a charge or later; without a charge, it always is."""
        return charged_on is None or ((bool(self.changed_on) or not self.from_the_first) and self.day >= charged_on)

    def since_then(self, recorded: date | None) -> bool:
        """Return whether a recorded day is not empty and not before the status day."""
        if recorded is None:
            return False
        return (self.from_the_first and not self.changed_on) or recorded >= self.day


@dataclass
class Noticed:
    """What is kept of the rows of cases and of suspects."""

    statuses: dict[str, dict[Key, Status]] = field(default_factory=lambda: defaultdict(dict))
    put_off: dict[tuple[str, Key], list[date]] = field(default_factory=lambda: defaultdict(list))  # bail, on these days
    lowered: dict[Key, list[tuple[date, date]]] = field(default_factory=lambda: defaultdict(list))  # on, extract before

    def take(
        self,
        name: str,
        key: Key,
        rows: tuple[Row | None, Row],
        days: tuple[date, date],
        opened: date | None,
        *,
        first: bool,
    ) -> None:
        """Note what a row says that it did not say before; the days are those of the extract before and of this one."""
        old, row = rows
        before, day = days
        self._status(self.statuses[name], key, old, row, (day if first else before, day, opened), first=first)
        if old and old["bail_ends_on"] and row["bail_ends_on"] and row["bail_ends_on"] > old["bail_ends_on"]:
            self.put_off[name, key].append(day)
        if old and name == "cases" and _grade(row) > _grade(old):
            self.lowered[key].append((day, before))

    def _status(
        self,
        statuses: dict[Key, Status],
        key: Key,
        old: Row | None,
        row: Row,
        days: tuple[date, date, date | None],
        *,
        first: bool,
    ) -> None:
        """Keep the status day: a status that comes with a case that is new was changed since the extract before."""
        since, today, opened = days
        if old is None and first:
            statuses[key] = Status(since, from_the_first=True)
        elif old is None:
            statuses[key] = Status(max(since, opened or since), from_the_first=False, seen_on=today)
        elif row["suspect_status"] != old["suspect_status"]:
            statuses[key] = Status(since, from_the_first=False, seen_on=today)
        _date(statuses[key], row["status_changed_on"], old)


def _date(status: Status, said: date | None, old: Row | None) -> None:
    """Take a day as that of the status; one that was there under the status before is of that one."""
    new = old is None or said != old["status_changed_on"]
    if said and (new or (status.seen_on and said >= status.since)):
        status.changed_on = said


def _grade(row: Row) -> int:
    """Give how low a risk is: unknown as high."""
    return RISKS.index(row["risk"] or "high")
