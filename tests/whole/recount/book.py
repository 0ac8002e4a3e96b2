"""A book that is lived forward: what happens, when it is done, and the day on which a source records each."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from tests.whole.reading.books.extracts import Source, write
from tests.whole.reading.sheets import COLUMNS, Key, Row, Sheet

FIRST, LAST = date(2026, 2, 24), date(2026, 4, 9)  # the first extracts, and the last
FORCES = {"45": "niche-45", "46": "niche-46"}
DAY = timedelta(days=1)
DONE = (-3, -1, 0, 0, 0, 1, 2, 6, None, None)  # days from the due day, or never


@dataclass
class Told:
    """The values of a cell, each with the day on which it was recorded."""

    values: list[tuple[date, Any]] = field(default_factory=list)

    def add(self, day: date, value: Any) -> None:
        """Record a value on a day."""
        self.values = sorted([*self.values, (day, value)], key=lambda pair: pair[0])

    def on(self, day: date) -> Any:
        """Give the value as it was recorded at the end of a day."""
        return next((value for told, value in reversed(self.values) if told <= day), None)


@dataclass
class Line:
    """A row of a source, and the day on which it was recorded."""

    since: date
    cells: dict[str, Any]

    def on(self, name: str, day: date) -> Row:
        """Give the row as it was recorded at the end of a day."""
        known = {column: cell.on(day) if isinstance(cell, Told) else cell for column, cell in self.cells.items()}
        return dict.fromkeys(COLUMNS[name]) | {"roles": [], "checklist_missing": []} | known


@dataclass
class Book:
    """The sources of two forces and their Area, and who does things: on the day (`due`), never, or at random."""

    seed: int
    manner: str = "random"
    lacks: dict[str, set[str]] = field(default_factory=dict)  # source: columns as orders.served_on
    silent: dict[str, tuple[date, date]] = field(default_factory=dict)  # source: no extract from one day to another
    often: int = 4  # days between extracts, at most

    def __post_init__(self) -> None:
        self.rng = random.Random(f"recount {self.seed}")  # noqa: S311
        self.police = {force: Source(name, "police", [force]) for force, name in FORCES.items()}
        self.cps = Source("cms-se", "cps", list(FORCES))
        self.lines: dict[str, dict[str, dict[Key, Line]]] = {source.name: {} for source in self.sources}
        for source in self.sources:
            source.lacks = {}
            for each in self.lacks.get(source.name, ()):
                name, _, column = each.partition(".")
                source.lacks.setdefault(name, set()).add(column)

    @property
    def sources(self) -> list[Source]:
        """The sources, police before CPS."""
        return [*self.police.values(), self.cps]

    def maybe(self, chance: float) -> bool:
        """Return whether something happens; each book draws the same, whoever does things when."""
        return self.rng.random() < chance

    def day(self, first: date, last: date) -> date:
        """Draw a day."""
        return first + timedelta(days=self.rng.randrange(max((last - first).days, 0) + 1))

    def done(self, due: date, least: date) -> date | None:
        """Give the day on which something is done that is due on a day: never before what it is about."""
        drawn = self.rng.choice(DONE)
        if self.manner == "never" or (self.manner == "random" and drawn is None):
            return None
        return max(least, due + timedelta(days=drawn)) if self.manner == "random" and drawn is not None else due

    def told(self, *days: date | None) -> Told:
        """Give a cell in which some days are recorded: at random sometimes later than they were."""
        cell = Told()
        for day in sorted({day for day in days if day}):
            cell.add(self.recorded(day), day)
        return cell

    def recorded(self, day: date) -> date:
        """Give the day on which something is recorded that happened on a day."""
        delay = self.rng.choice((0, 0, 0, 0, 1, 3))
        return day + timedelta(days=delay if self.manner == "random" else 0)

    def put(self, source: Source, file: str, key: Key, since: date, /, **cells: Any) -> None:
        """Let a source record a row on a day."""
        self.lines[source.name].setdefault(file, {})[key] = Line(since, cells)

    def nights(self, drop: Path) -> list[tuple[date, list[Path]]]:
        """Write the extracts; give each day with its folders, the first with all sources and the last too."""
        found, day = [], FIRST
        rng = random.Random(f"extracts {self.seed}")  # noqa: S311
        while day <= LAST:
            sends = [source for source in self.sources if day in (FIRST, LAST) or rng.random() < 0.85]
            sends = [source for source in sends if not self._is_silent(source, day)]
            found.append((day, [self._write(drop, source, day) for source in sends]))
            step = day + timedelta(days=rng.randint(1, self.often))
            day = step if day == LAST else min(step, LAST)
        return found

    def _is_silent(self, source: Source, day: date) -> bool:
        first, last = self.silent.get(source.name, (LAST + DAY, LAST))
        return first <= day <= last

    def _write(self, drop: Path, source: Source, day: date) -> Path:
        folder, files = drop / f"{source.name}-{day:%Y%m%d}", {}
        for name, lines in self.lines[source.name].items():
            rows = [(key, line.on(name, day - DAY), False) for key, line in lines.items() if line.since < day]
            files[name] = Sheet(source.columns(name), rows)
        write(folder, source, "snapshot", day, files, rng=random.Random(f"cells {self.seed} {day}"))  # noqa: S311
        return folder
