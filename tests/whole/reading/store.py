"""The rows of all extracts so far, what each source's files can tell, and what is kept from extract to extract."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from tests.whole.reading.codes import kind_of
from tests.whole.reading.noticed import Noticed, Status
from tests.whole.reading.sheets import COLUMNS, LASTING, Key, Row, Sheet

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

SENDER = "sent by"  # beside a row's columns: its source
STAYS_OUT = 2  # days between extracts of one hour of the day: the first that are 36 hours apart


class Sends(Protocol):
    """What is known of a source: its name, whose it is, and the forces that it covers."""

    name: str
    agency: str
    covers: list[str]


def root_of(urn: str | None) -> str | None:
    """Give the eleven characters by which a URN is matched."""
    if not urn:
        return None
    return urn.upper().replace(" ", "").replace("/", "")[:11]


@dataclass
class Held:
    """One row as last sent, and whether its source still supplies it."""

    row: Row
    source: str
    supplied: bool = True
    withdrawn_on: date | None = None

    def withdraw(self, day: date) -> None:
        """Record that the source no longer supplies the row, from a day on."""
        if self.supplied:
            self.supplied, self.withdrawn_on = False, day


@dataclass
class Store:
    """Everything the sources have sent."""

    files: dict[str, dict[Key, Held]] = field(default_factory=lambda: defaultdict(dict))
    last_sent: dict[str, date] = field(default_factory=dict)
    covers: dict[str, list[str]] = field(default_factory=dict)
    agencies: dict[str, str] = field(default_factory=dict)  # each source
    columns: dict[str, dict[str, set[str]]] = field(default_factory=dict)  # each source and file
    lacking: dict[tuple[str, str, str], date] = field(default_factory=dict)  # source, file, column: since when
    sent_on: dict[tuple[str, str], date] = field(default_factory=dict)  # source, file: the last extract with it
    left_out: dict[tuple[str, str], date] = field(default_factory=dict)  # source, file: since which extract
    went: dict[tuple[str, str], set[str]] = field(default_factory=dict)  # source, file: columns of one that stays out
    first_seen: dict[str, date] = field(default_factory=dict)  # each contact
    declassified: dict[Key, date] = field(default_factory=dict)  # each case that was stalking and later was not
    noticed: Noticed = field(default_factory=Noticed)
    since: dict[str, date] = field(default_factory=dict)  # each rule that the policy gives a day from which it counts
    presumed: str = "safety"  # as the policy says
    secrets: list[list[str]] = field(default_factory=list)  # the sources that make their keys with one secret

    def load(self, source: Sends, mode: str, day: date, files: dict[str, Sheet]) -> None:
        """Load one extract."""
        first = source.name not in self.last_sent
        before = self.last_sent.get(source.name, day)
        self.covers[source.name], self.agencies[source.name] = source.covers, source.agency
        self.last_sent[source.name] = day
        self._left_out(source.name, mode, day, files)
        self._columns(source.name, mode, day, files)
        for name, sheet in files.items():
            for key, row, withdrawn in sheet.rows:
                old = self.files[name].get(key)
                if old and withdrawn:  # a row that is withdrawn is kept as it was
                    old.withdraw(day)
                    continue
                held = Held(_whole(name, old, row, sheet, mode) | {SENDER: source.name}, source.name)
                self.files[name][key] = held
                if name == "contacts":
                    self.first_seen.setdefault(row["contact_ref"], day)
                if name == "cases":
                    self._case(key, old, held.row, day)
                if name in ("cases", "suspects"):
                    case = self.files["cases"].get((row["force_code"], row["case_ref"]))
                    opened = case.row["opened_on"] if case else None
                    self.noticed.take(name, key, (old and old.row, held.row), (before, day), opened, first=first)
                if withdrawn:
                    held.withdraw(day)
        if mode == "snapshot":
            for name in sorted(files, key=lambda name: name != "cases"):
                self._withdraw(source.name, name, {key for key, _, _ in files[name].rows}, day)

    def _left_out(self, source: str, mode: str, day: date, files: dict[str, Sheet]) -> None:
        """Note which files a snapshot leaves out. One that stays out for 36 hours no longer lets anything be seen."""
        sent = self.columns.setdefault(source, {})
        for name in files:
            self.left_out.pop((source, name), None)
            self.sent_on[source, name] = day
        for name in sent.keys() - files.keys() if mode == "snapshot" else ():
            since = self.left_out.setdefault((source, name), day)
            if (day - since).days >= STAYS_OUT:
                self.went.setdefault((source, name), set()).update(sent[name])
                sent[name] = set()

    def _columns(self, source: str, mode: str, day: date, files: dict[str, Sheet]) -> None:
        sent = self.columns[source]
        for name, sheet in files.items():
            away = set() if mode == "snapshot" else self.went.get((source, name), set())
            self.went[source, name] = away - set(sheet.columns)
            kept = set() if mode == "snapshot" else sent.get(name, set())
            sent[name] = kept | set(sheet.columns)
        for name, columns in COLUMNS.items():
            for column in columns:
                if column in sent.get(name, ()):
                    self.lacking.pop((source, name, column), None)
                else:
                    self.lacking.setdefault((source, name, column), day)

    def _case(self, key: Key, old: Held | None, row: Row, day: date) -> None:
        if kind_of(row) == "stalking":
            self.declassified.pop(key, None)
        elif old and kind_of(old.row) == "stalking":
            self.declassified[key] = day

    def _withdraw(self, source: str, name: str, sent: set[Key], day: date) -> None:
        for key, old in self.files[name].items():
            if old.source == source and key not in sent and not self._of_a_missing_case(name, old):
                old.withdraw(day)

    def _of_a_missing_case(self, name: str, held: Held) -> bool:
        """Return whether a row's case disappeared from its source: the rows of such a case stay, whoever sent them.

        Of a URN's cases the row is that of one which its own source still sends.
        """
        row = held.row
        if name == "cases" or "case_ref" not in row:
            return False
        root, key = root_of(row.get("urn")), (row["force_code"], row["case_ref"])
        cases = self.files["cases"].items()
        own = [case for its, case in cases if (root_of(case.row["urn"]) == root if root else its == key)]
        still = any(case.supplied and case.source == held.source for case in own)
        return not still and any(not case.supplied for case in own)

    @property
    def statuses(self) -> dict[Key, Status]:
        """The status of each case."""
        return self.noticed.statuses["cases"]

    def meet(self, one: str, other: str) -> bool:
        """Return whether two sources make their keys with one secret."""
        return one == other or any(one in group and other in group for group in self.secrets)

    def counts(self, rule: str, began: date | None) -> bool:
        """Return whether what began on a day is owed under a rule."""
        return began is None or rule not in self.since or began >= self.since[rule]

    def sees(self, row: Row, name: str, column: str) -> bool:
        """Return whether the file of the source that sent a row has a column."""
        return column in self.columns[row[SENDER]].get(name, ())

    def sees_any(self, name: str, column: str, agencies: tuple[str, ...], force: str | None) -> bool:
        """Return whether some source of an agency that covers a force sends a column."""
        return any(
            column in self.columns[source].get(name, ())
            for source, agency in self.agencies.items()
            if agency in agencies and (force is None or force in self.covers[source])
        )

    def supplied(self, name: str) -> Iterator[Row]:
        """Yield the rows of a file that are not withdrawn."""
        return (held.row for held in self.files[name].values() if held.supplied)

    def rows(self, name: str) -> list[Row]:
        """Give the rows of a file as last sent, withdrawn or not."""
        return [held.row for held in self.files[name].values()]

    def cases(self) -> list[Row]:
        """Give every case ever sent: one that disappears stays."""
        return self.rows("cases")


def _whole(name: str, old: Held | None, row: Row, sheet: Sheet, mode: str) -> Row:
    """Complete a row: what a file has no column for is unknown, or keeps its value."""
    base: Row = dict.fromkeys(COLUMNS[name])
    if old:
        base |= old.row if mode == "delta" else {column: old.row[column] for column in LASTING.get(name, ())}
    return base | {column: value for column, value in row.items() if column in sheet.columns}
