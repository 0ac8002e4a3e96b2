"""Quiet nights of random books: people work, each source sends all that it has, and operations are not alarmed once.

`QUIET_SEEDS=1-5` lives other books than the default one; `QUIET_NIGHTS` and `QUIET_CASES` set the length and the size.
"""

from __future__ import annotations

import os
from datetime import date, datetime, time, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from config.days.london import at_london
from flows.assurance_steps import assure_now
from flows.configured import configured
from flows.round_steps import whole_round
from tasks.intake.load import load_folders
from tasks.intake.results import Fate
from tasks.outbox.delivery import deliver
from tasks.rounds.health import metrics, readiness
from tests.support import promtool
from tests.support.post import RawServer
from tests.support.promtool import needs_promtool
from tests.whole.reading.books import nights
from tests.whole.reading.books.book import Book
from tests.whole.reading.books.extracts import write

RULES = Path(__file__).parents[3] / "packaging" / "alerts.yaml"
NIGHTS = int(os.environ.get("QUIET_NIGHTS", "7"))
CASES = int(os.environ.get("QUIET_CASES", "25"))
ALARMS = "select key from messages where kind = 'operations' and key !~ '^(daily|gaps|missing):'"


def _seeds() -> list[int]:
    first, _, last = os.environ.get("QUIET_SEEDS", "1").partition("-")
    return list(range(int(first), int(last or first) + 1))


class Quiet:
    """A book whose sources send whole files each night, and what monitoring sees of its days."""

    def __init__(self, seed: int, folder: Path) -> None:
        self.book, self.folder = Book(seed, CASES), folder
        self.began = self.book.day
        self.looks: list[tuple[int, bytes]] = []

    def night(self) -> None:
        """Let people work, and every source send."""
        day, rng = self.book.day, self.book.rng
        folders = []
        for source in self.book.sources:
            source.headers = {}  # so that it leaves no file out
            folders.append(self.folder / f"{source.name}-{day:%Y%m%d}")
            write(folders[-1], source, "snapshot", day, source.snapshot(rng), rng=rng)
        results = load_folders(configured(), folders, self.at(day, 5, 30))
        assert [result.sentence for result in results if result.fate is not Fate.LOADED] == []

    def day(self) -> None:
        """Run the day's round, and let the letters leave; look before and after each."""
        day = self.book.day
        self.look(self.at(day, 5, 35))
        made = whole_round(configured(), day, self.at(day, 6))
        assert made.state == "Completed", made.verdict.message
        for hour, minute in ((6, 5), (7, 5)):
            self.look(self.at(day, hour, minute))
        deliver(configured(), self.at(day, 8))
        self.look(self.at(day, 8, 5))

    def tomorrow(self) -> None:
        """Let people do a day's work."""
        self.book.day += timedelta(days=1)
        for _ in range(self.book.rng.randint(0, 6 + 3 * self.book.size // 4)):
            nights.change(self.book)
        self.book.leaders.name(self.book)

    def look(self, at: datetime) -> None:
        """Audit the book, and read its figures."""
        found = assure_now(configured(), at, at)
        assert found.findings == (), f"{at}: {found.message}"
        seen = readiness.look(configured, at)
        minutes = int((at - self.at(self.began, 0)).total_seconds()) // 60
        self.looks.append((minutes if self.looks else 0, metrics.text(seen.parts, seen.figures)))

    @staticmethod
    def at(day: date, hour: int, minute: int = 0) -> datetime:
        """Give a moment of a day."""
        return at_london(day, time(hour, minute))


@needs_promtool
@pytest.mark.timeout(7200)
@pytest.mark.parametrize("seed", _seeds())
def test_no_extract_is_held_nothing_is_found_and_no_alert_fires(
    seed: int, database: Engine, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    kept = tuple(happening for happening in nights.HAPPENINGS if happening[0] is not nights.columns_change)
    monkeypatch.setattr(nights, "HAPPENINGS", kept)
    quiet = Quiet(seed, tmp_path)
    with RawServer() as server:
        for name, value in {
            "CLOCK": "virtual", "BACKUP__ELSEWHERE": "true", "MAIL__HOST": "127.0.0.1", "MAIL__PORT": str(server.port),
            "MAIL__OPERATIONS": "casebeat-operations@surrey.police.uk",
        }.items():  # fmt: skip
            monkeypatch.setenv(f"CASEBEAT_{name}", value)
        for _ in range(NIGHTS):
            quiet.night()
            quiet.day()
            quiet.tomorrow()
    assert promtool.run(RULES, [promtool.silence(quiet.looks, NIGHTS * 1440)], tmp_path) == ""
    with database.connect() as connection:
        assert connection.execute(text(ALARMS)).scalars().all() == []
    print(f"seed {seed}: {NIGHTS} nights, {len(quiet.looks)} audits, {len(server.accepted)} mails")  # noqa: T201
    assert server.accepted
