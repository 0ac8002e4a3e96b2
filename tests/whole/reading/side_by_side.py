"""A random book, lived by the product's command line and by the reading side by side, until a night differs."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import psycopg2
import pytest
import yaml

from tasks.servers import database as way
from tasks.servers import postgres
from tests.support.casebeat import run_cli
from tests.support.prepared import prepare
from tests.support.verdicts import went_well
from tests.whole.reading.books.book import Book
from tests.whole.reading.books.nights import Night, nights
from tests.whole.reading.comparing import UNSAID, compare, compare_ends, compare_sittings, unkept
from tests.whole.reading.first_day import FirstDays
from tests.whole.reading.letters import named
from tests.whole.reading.lives import Reading
from tests.whole.reading.show import behind

SHIPPED = Path(__file__).parents[3] / "config" / "policy.yaml"
NIGHTS, CASES = int(os.environ.get("READING_NIGHTS", "14")), int(os.environ.get("READING_CASES", "35"))
ENDED = """
    select c.force_code, c.case_ref, o.rule, o.subject, o.version, o.ended_on, o.end_reason
    from obligations o left join cases c on c.id = o.case_id where o.ended_on is not null
"""


def differences(seed: int) -> list[str]:
    """Return how the first night that differs does, with the facts behind it; nothing where all nights agree.

    A command that fails is an `AssertionError`.
    """
    with pytest.MonkeyPatch.context() as patch, own_home(patch) as home:
        return _live(Book(seed, CASES), home, patch)


@contextmanager
def own_home(patch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Make a folder with a database of its own, named in the settings."""
    path = Path(tempfile.mkdtemp(prefix="casebeat-reading-"))
    prepare(path / "home")
    for name in [name for name in os.environ if name.startswith("CASEBEAT_")]:
        patch.delenv(name)
    patch.setenv("CASEBEAT_HOME", str(path / "home"))
    patch.setenv("CASEBEAT_CLOCK", "virtual")
    try:
        yield path
    finally:
        way.close()
        run_cli("stop")
        if not os.environ.get("READING_KEEP"):  # keeps the drop folders and the database for inspection
            shutil.rmtree(path)


def _live(book: Book, home: Path, patch: pytest.MonkeyPatch) -> list[str]:
    assert run_cli("migrate").code == 0
    reading = Reading(reviews=book.reviews, first=FirstDays(book.starts))
    reading.store.since, reading.store.presumed, reading.store.secrets = book.since, book.presumed, book.secrets
    _policy(home, book, patch)
    sitting: list[dict[str, Any]] = []
    read: set[Path] = set()
    for night in nights(book, NIGHTS, home / "drop"):
        _panels(home, book, night, patch)
        _hold(reading, night)
        day = night.day.isoformat()
        obligations = _lines("obligations", "--json", "--as-of", day)
        differ = compare(reading, night.day, obligations, _lines("notifications", "--json", "--day", day))
        differ += compare_ends(reading, {(row[:4], row[4]): row[5:] for row in _ask(home, ENDED)})
        reading.unsaid = {(row[:4], *row[4:]) for row in _ask(home, UNSAID)}
        sitting, before = _lines("sittings", "--json", "--as-of", day), sitting
        differ += compare_sittings(reading, night.day, sitting) + unkept(reading, night.day, sitting, before)
        letters = set((home / "home" / "mail" / "new").glob("*"))
        differ += named(reading.store, letters - read)
        read = letters
        if differ:
            return [*differ, *behind(reading, differ)]
    return []


def _hold(reading: Reading, night: Night) -> None:
    night.load(reading.store)
    if night.folders:
        lenient = ["--allow-fewer-columns"] if night.fewer else []
        done = run_cli("intake", *map(str, night.folders), *lenient)
        assert done.code == 0, f"intake of {night.folders}: {done.code}\n{done.out}\n{done.err[-3000:]}"
    done = run_cli("run", "--as-of", night.day.isoformat())
    assert went_well(done.code, done.err), f"run of {night.day}: {done.code}\n{done.out}\n{done.err[-3000:]}"
    reading.run(night.day)


def _lines(*arguments: str) -> list[dict[str, Any]]:
    done = run_cli(*arguments)
    assert done.code == 0, f"{arguments}: exit {done.code}\n{done.out[-2000:]}\n{done.err[-2000:]}"
    return [json.loads(line) for line in done.out.splitlines() if line.startswith("{")]


class _InFull(yaml.SafeDumper):
    """Write each value where it is meant: the file takes no alias."""

    def ignore_aliases(self, _: Any) -> bool:
        return True


def _panels(home: Path, book: Book, night: Night, patch: pytest.MonkeyPatch) -> None:
    """Write the panels of a night; a process reads a file once."""
    path = home / f"panels {night.day}.yaml"
    path.write_text(yaml.dump({"panels": [panel.entry for panel in book.reviews.panels]}, Dumper=_InFull))
    patch.setenv("CASEBEAT_PANELS", str(path))


def _policy(home: Path, book: Book, patch: pytest.MonkeyPatch) -> None:
    """Write the shipped policy, but for the days from which rules count, and the forces' first days."""
    policy = yaml.safe_load(SHIPPED.read_text(encoding="utf-8"))
    for rule, day in book.since.items():
        policy["rules"][rule]["since"] = day
    policy["starts"] = book.starts
    policy["presumed"], policy["pattern"]["shared_secrets"] = book.presumed, book.secrets
    path = home / "policy.yaml"
    path.write_text(yaml.dump(policy, Dumper=_InFull, sort_keys=False), encoding="utf-8")
    patch.setenv("CASEBEAT_POLICY", str(path))


def _ask(home: Path, statement: str) -> list[Any]:
    """Query data that no command lists."""
    url = postgres.url(home / "home").replace("+psycopg2", "")
    with closing(psycopg2.connect(url)) as opened, opened.cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchall()
