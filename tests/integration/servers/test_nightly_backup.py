"""The night's backup: how many are kept, its age, and the test that restores the newest beside the book."""

import json
import os
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from flows.clock import moment
from flows.configured import configured
from tasks.rounds import backup_age
from tasks.rounds.assurance import auditor
from tasks.servers import nightly_backup
from tasks.servers.database import transaction
from tests.support.ran import Ran
from tests.worlds.rows import AT_NINE, World

Cli = Callable[..., Ran]
DAY = timedelta(days=1)


@pytest.fixture
def book(database: Engine) -> Engine:
    """A book whose first round ended two days ago."""
    with database.begin() as connection:
        World(connection).said("P45gone1", "SAMPLE-1")
        connection.execute(
            text(
                "insert into rounds (force_code, day, began_at, ended_at, account) values ('--', :at, :at, :at, '{}')"
            ),
            {"at": moment() - 2 * DAY},
        )
    return database


def trouble() -> str:
    with transaction() as connection:
        return backup_age.look(configured(), connection, moment()).trouble


def audited() -> list[str]:
    return [finding.sentence for finding in auditor.audit(configured(), moment()) if finding.key == "backup"]


def test_fourteen_are_kept_and_what_others_put_there_stays(book: Engine, tmp_path: Path) -> None:
    folder = tmp_path / "home" / "backups"
    folder.mkdir(parents=True)
    (folder / "before-1006-20260301T000000Z.zip").touch()
    for day in range(20):
        (folder / f"casebeat-202602{day + 1:02}T033000Z.zip").touch()
    night = nightly_backup.back_up_tonight(configured(), AT_NINE)
    assert night.deleted == 7
    kept = sorted(path.name for path in folder.iterdir())
    assert len(kept) == 15
    assert kept[0] == "before-1006-20260301T000000Z.zip"
    assert kept[1] == "casebeat-20260208T033000Z.zip"
    assert Path(night.made.file).name in kept


def test_a_book_without_a_backup_of_a_day_stops_the_heartbeat_and_the_next_backup_ends_that(
    book: Engine, run_cli: Cli
) -> None:
    assert audited() == ["the book has no backup"]
    assert "The book has no backup." in run_cli("status").out
    assert run_cli("backup").code == 0
    assert (audited(), trouble()) == ([], "")
    assert "The newest backup is of" in run_cli("status").out
    with book.begin() as connection:
        connection.execute(text("update switches set set_at = :at where name = 'backup'"), {"at": moment() - 2 * DAY})
    assert trouble().startswith("the newest backup is of ")
    state = json.loads(run_cli("status", "--json").out)["backup"]
    assert state["made"]["rows"] > 0


def test_a_backup_elsewhere_or_a_virtual_clock_misses_none(book: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {"CASEBEAT_BACKUP__ELSEWHERE": "true", "CASEBEAT_CLOCK": "virtual"}.items():
        assert trouble()
        monkeypatch.setenv(name, value)
        assert not trouble()
        monkeypatch.delenv(name)


def test_the_newest_is_restored_beside_the_book_once_a_month_and_nothing_of_it_is_left(
    book: Engine, tmp_path: Path
) -> None:
    assert nightly_backup.is_test_due(moment())
    night = nightly_backup.back_up_tonight(configured(), moment())
    tested = nightly_backup.test_newest(configured(), night, moment())
    assert tested.sentence.endswith("It was restored beside the book, with every row that it counts.")
    assert not (tmp_path / "home" / "backup-test").exists()
    assert not nightly_backup.is_test_due(moment() + 27 * DAY)
    assert nightly_backup.is_test_due(moment() + 28 * DAY)


def test_a_backup_that_cannot_be_restored_is_found_and_tried_again_the_next_night(book: Engine) -> None:
    night = nightly_backup.back_up_tonight(configured(), moment())
    os.truncate(night.made.file, 1000)
    tested = nightly_backup.test_newest(configured(), night, moment())
    assert tested.failed
    assert trouble().startswith(f"the backup {night.made.file} could not be restored: ")
    assert nightly_backup.is_test_due(moment())
