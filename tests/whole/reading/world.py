"""One case and its rows, loaded as its tests ask, and what the reading then says is owed."""

from __future__ import annotations

from datetime import date
from typing import Any

from tests.whole.reading.books.extracts import Source
from tests.whole.reading.life import Life
from tests.whole.reading.lives import Reading
from tests.whole.reading.sheets import COLUMNS, Key, Row, Sheet
from tests.whole.reading.store import Store

MONDAY = date(2026, 3, 2)
REFS = {"incidents": "incident_ref", "orders": "order_ref", "pleas": "plea_ref", "referrals": "referral_ref"}
REFS |= {"suspects": "suspect_ref", "defendants": "defendant_ref"}


class World:
    """One case opened on Mon 2 Feb 2026 in Surrey, and its rows; nobody lacks a column, unless a test says so."""

    def __init__(self, lacks: str = "", since: date = MONDAY, **columns: Any) -> None:
        self.reading = Reading(Store())
        self.store: Store = self.reading.store
        self.police, self.cps = Source("niche-45", "police", ["45"]), Source("cms-1", "cps", ["45"])
        self.lack(lacks)
        self.case: Row = {
            "force_code": "45",
            "case_ref": "1",
            "opened_on": date(2026, 2, 2),
            "classification": "stalking",
            "offence_codes": ["PH97010"],
            "oic_ref": "X",
            "risk": "high",
            **columns,
        }
        self.store.load(self.cps, "snapshot", since, self.whole(self.cps))
        self.snapshot(since)

    def lack(self, columns: str) -> None:
        """Let the files lack columns, as `orders.served_on`, from the next extract on."""
        self.police.lacks = {name: set() for name in COLUMNS}
        for each in columns.split():
            name, _, column = each.partition(".")
            self.police.lacks[name].add(column)
        self.cps.lacks = self.police.lacks

    def whole(self, source: Source) -> dict[str, Sheet]:
        return {name: Sheet(source.columns(name), []) for name in COLUMNS}

    def snapshot(self, day: date, *names: str) -> None:
        """Send whole files again, of the case or of rows as they are."""
        files = {name: sheet for name, sheet in self.whole(self.police).items() if not names or name in names}
        for name, sheet in files.items():
            sheet.rows += [(key, held.row, False) for key, held in self.store.files[name].items() if name != "cases"]
        if "cases" in files:
            files["cases"].rows.append((("45", "1"), self.case, False))
        self.store.load(self.police, "snapshot", day, files)

    def send(self, day: date, **columns: Any) -> None:
        self.case = {**self.case, **columns}
        self._load(day, "cases", ("45", "1"), self.case)

    def row(self, name: str, ref: str, day: date = MONDAY, *, withdrawn: bool = False, **columns: Any) -> None:
        row = {"urn": None, "force_code": "45", "case_ref": "1", REFS.get(name, "ref"): ref, **columns}
        self._load(day, name, (ref,), row, withdrawn=withdrawn)

    def other(self, ref: str, day: date = MONDAY, force: str = "45", **columns: Any) -> None:
        """Send another case, like the first but for some columns."""
        self._load(day, "cases", (force, ref), self.case | {"force_code": force, "case_ref": ref, **columns})

    def _load(self, day: date, name: str, key: Key, row: Row, *, withdrawn: bool = False) -> None:
        self.store.load(self.police, "delta", day, {name: Sheet(self.police.columns(name), [(key, row, withdrawn)])})

    def live(self, rule: str, day: date = MONDAY) -> list[Life]:
        self.reading.run(day)
        return [life for life in self.reading.lives.values() if life.owed.rule == rule and not life.ended_on]

    def due(self, rule: str, day: date = MONDAY) -> list[date]:
        return [life.owed.due for life in self.live(rule, day)]

    def end(self, rule: str) -> set[str]:
        (why,) = [why for (identity, _), (_, why) in self.reading.ended.items() if identity[2] == rule]
        return set(why)
