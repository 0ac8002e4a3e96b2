"""A book lived by the product's command line, and its report beside the recount: each figure that differs."""

from __future__ import annotations

import json
import random
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.support.casebeat import run_cli
from tests.support.verdicts import went_well
from tests.whole.reading.days import add
from tests.whole.reading.seen import IN_PLACE
from tests.whole.reading.sheets import OPTIONAL
from tests.whole.reading.side_by_side import own_home
from tests.whole.recount.book import FORCES, Book
from tests.whole.recount.counting import Counting
from tests.whole.recount.figure import Figure, Figures
from tests.whole.recount.figures import figures
from tests.whole.recount.folders import read_all
from tests.whole.recount.history import history
from tests.whole.recount.lived import lived
from tests.whole.recount.standing import owings

CASES, MONTHS = 14, ["2026-03"]
APART = ("suspects", "defendants")  # what their files lack is read elsewhere
TOGETHER = {"referrals.decision", "referrals.decision_on", "cases.status_changed_on"}  # a decision has a day
Rows = dict[str, dict[str, Any]]


@dataclass(frozen=True)
class Page:
    """One page of one month: what the product printed, by key, and what the recount says."""

    month: str
    force: str | None
    printed: Rows
    counted: Figures
    reach: date | None

    def differences(self) -> list[str]:
        """Say each figure that differs: its key, the product's number, and the recount's."""
        said = [self._said(key, figure) for key, figure in self.counted.items()]
        return [f"{self.month} {self.force or 'all'} {line}" for line in said if line]

    def _said(self, key: str, figure: Figure) -> str | None:
        row = self.printed.get(key)
        if row is None:  # nothing to say: of a rule that is seen, and of a risk of which the place has no case
            nothing = figure.seen == "seen" or key.startswith("base:")
            return None if not figure.number and nothing else f"{key}: not printed, counted {figure}"
        if row["number"] == "hidden":
            return None
        theirs = (row["number"], row.get("seen"))
        return None if theirs == (figure.number, figure.seen) else f"{key}: printed {theirs}, counted {figure}"


def pages(book: Book, months: list[str]) -> list[Page]:
    """Live a book, and give the pages of some months: of all, and of each force."""
    with pytest.MonkeyPatch.context() as patch, own_home(patch) as home:
        days = _live(book, home, patch)
        extracts = read_all(home / "drop")
        told = history(extracts)
        owed = owings((day, [extract for extract in extracts if extract.day == day]) for day in days)
        found = []
        for month in months:
            today = max(days[-1] + timedelta(days=1), add(date.fromisoformat(f"{month}-01"), "1m"))
            for force in (None, *FORCES):
                count = Counting(told, month, today, days[0], force=force, owed=owed)
                found.append(Page(month, force, _printed(month, force, today), figures(count), count.reach))
        return found


def _live(book: Book, home: Path, patch: pytest.MonkeyPatch) -> list[date]:
    assert run_cli("migrate").code == 0
    (home / "panels.yaml").write_text("panels: []\n")
    patch.setenv("CASEBEAT_PANELS", str(home / "panels.yaml"))
    nights = book.nights(home / "drop")
    for day, folders in nights:
        if folders:
            done = run_cli("intake", *map(str, folders))
            assert done.code == 0, f"intake of {folders}: {done.code}\n{done.out}\n{done.err[-3000:]}"
        done = run_cli("run", "--as-of", day.isoformat())
        assert went_well(done.code, done.err), f"run of {day}: {done.code}\n{done.out}\n{done.err[-3000:]}"
    return [day for day, _ in nights]


def _printed(month: str, force: str | None, today: date) -> Rows:
    asked = ["--force", force] if force else []
    done = run_cli("report", "--month", month, "--as-of", today.isoformat(), "--json", *asked)
    assert done.code == 0, f"{done.code} {done.err[-2000:]}"
    lines = [json.loads(line) for line in done.out.splitlines() if line.startswith("{")]
    own = lines[0]["place"] if lines else None
    return {line["key"]: line for line in lines if line.get("key") and line["place"] == own}


def recounted(seed: int) -> list[str]:
    """Give the figures that differ in a random book; in every other book a source lacks a column or two."""
    book = Book(seed, lacks=_lacks(seed))
    return [line for page in pages(lived(book, CASES), MONTHS) for line in page.differences()]


def _lacks(seed: int) -> dict[str, set[str]]:
    rng = random.Random(f"lacks {seed}")  # noqa: S311
    files = [name for name in OPTIONAL if name not in APART]
    every = [f"{name}.{column}" for name in files for column in OPTIONAL[name].split()]
    if seed % 2:
        return {}
    own = [each for each in every if each not in TOGETHER]
    return {name: {one for each in rng.sample(own, 2) for one in _alike(each)} for name in FORCES.values()}


def _alike(lacking: str) -> set[str]:
    """Give a column with the same one of rows in a case's place: who does not know a day sends it nowhere."""
    name, _, column = lacking.partition(".")
    instead = IN_PLACE.get(name, "")
    return {lacking} | ({f"{instead}.{column}"} if column in OPTIONAL.get(instead, "").split() else set())
