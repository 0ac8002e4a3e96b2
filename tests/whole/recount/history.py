"""What the sources have sent so far, and what each extract said of each row: first, last and in between."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from tests.whole.reading.sheets import Key, Row
from tests.whole.reading.store import Store

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tests.whole.recount.folders import Extract

DAY = timedelta(days=1)


@dataclass(frozen=True)
class Said:
    """A row as an extract of a day left it."""

    day: date
    row: Row


def day_of(said: Said | None, column: str) -> date | None:
    """Give the day of a column, None where nothing was said."""
    return said.row[column] if said else None


@dataclass
class Run:
    """A time in which a suspect had one status."""

    status: str | None
    seen_on: date  # the extract that told it
    since: date  # the status day
    changed_on: date | None  # its own day, else that of the extract which saw it change; None if neither is known
    any_day: bool  # of a status since the first extract without a day of its own no recorded day counts as before it
    until: date | None = None  # the status day of the next


@dataclass
class History:
    """The store of all extracts, and the rows as they were on the way."""

    store: Store = field(default_factory=Store)
    said: dict[tuple[str, Key], list[Said]] = field(default_factory=dict)
    runs: dict[tuple[str, Key], list[Run]] = field(default_factory=dict)  # of a case's own row, or a suspect's
    taken: list[tuple[str, date]] = field(default_factory=list)  # each extract: source, day

    def load(self, extract: Extract) -> None:
        """Load one extract, the next by its day."""
        self.store.load(extract, extract.mode, extract.day, extract.files)
        self.taken.append((extract.name, extract.day))
        for name, sheet in extract.files.items():
            for key, _, _ in sheet.rows:
                row = dict(self.store.files[name][key].row)
                self.said.setdefault((name, key), []).append(Said(extract.day, row))
                if name in ("cases", "suspects"):
                    self._status(name, key, extract.day)

    def _status(self, name: str, key: Key, day: date) -> None:
        status = self.store.noticed.statuses[name][key]
        now, runs = self.store.files[name][key].row["suspect_status"], self.runs.setdefault((name, key), [])
        days = (status.changed_on or status.since, status.changed_on or status.seen_on)
        any_day = status.from_the_first and not status.changed_on
        if runs and runs[-1].status == now:
            runs[-1] = Run(now, runs[-1].seen_on, *days, any_day)
        else:
            if runs:
                runs[-1].until = days[0]
            runs.append(Run(now, day, *days, any_day))

    def all_said(self, name: str, key: Key) -> list[Said]:
        """Give what each extract that had a row said of it, in order."""
        return self.said.get((name, key), [])

    def first_told(self, name: str, key: Key, column: str, value: Any) -> date:
        """Give the day of the first extract in which a row had a value."""
        return next(said.day for said in self.all_said(name, key) if said.row.get(column) == value)

    def first_on_or_after(self, name: str, key: Key, column: str, day: date) -> Said | None:
        """Give the earliest recorded day of a column on or after a day that any extract sent, as `row[column]`."""
        later = [said for said in self.all_said(name, key) if said.row.get(column) and said.row[column] >= day]
        return min(later, key=lambda said: (said.row[column], said.day), default=None)

    def reach(self, source: str) -> date:
        """Give the last day that a source's extracts tell of: the one before the latest was taken."""
        return self.store.last_sent[source] - DAY

    def sent_in(self, source: str, first: date, last: date) -> bool:
        """Return whether an extract of a source was taken on one of some days."""
        return any(name == source and first <= day <= last for name, day in self.taken)


def history(extracts: Iterable[Extract]) -> History:
    """Load extracts in their order."""
    told = History()
    for extract in extracts:
        told.load(extract)
    return told
