"""The report of a month is the same, byte by byte, from a restored backup in another home."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from config.settings import settings
from flows.configured import configured
from models.rules.report.months import Month
from tasks.report import report
from tests.integration.report.random_book import RandomBook

FEBRUARY, MARCH = Month(2026, 2), Month(2026, 3)
TODAY, AT = date(2026, 4, 6), datetime(2026, 4, 6, 6, tzinfo=UTC)


@pytest.fixture
def book(database):
    """A random book of two forces and two Areas, of which the month before was handed out and kept."""
    with database.begin() as connection:
        RandomBook(connection, 3, cases=14)
    report.hand_out(configured(), FEBRUARY, TODAY, AT)


def handed_out() -> dict[str, bytes]:
    made = report.hand_out(configured(), MARCH, TODAY, AT)
    into = settings().home / "reports" / str(MARCH)
    assert made.places == 5
    return {path.name: path.read_bytes() for path in into.iterdir()}


def test_a_months_files_are_the_same_from_a_restored_backup(book, elsewhere, run_cli, tmp_path: Path, monkeypatch):
    first = handed_out()
    assert len(first) == 11
    assert run_cli("backup", str(tmp_path / "book.zip")).code == 0
    monkeypatch.setenv("CASEBEAT_HOME", str(tmp_path / "another"))
    elsewhere()
    assert run_cli("restore", str(tmp_path / "book.zip"), "--hold").code == 0
    assert handed_out() == first
