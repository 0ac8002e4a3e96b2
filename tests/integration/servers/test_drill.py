"""The drill of docs/deploy.md: a book is lost after the backup of the day before, and nothing leaves unmarked."""

import shutil
from collections.abc import Callable
from email import message_from_bytes, policy
from pathlib import Path

import pytest
from sqlalchemy import Engine

from config.days.london import at_london
from flows.configured import configured
from flows.round_steps import whole_round
from tests.support.ran import Ran
from tests.worlds.days import day
from tests.worlds.one_case import WholeBook

Cli = Callable[..., Ran]
TUESDAY, WEDNESDAY = "Tue 17 Mar 2026", "Wed 18 Mar 2026"


def letters(home: Path) -> dict[str, str]:
    """The letters of a data directory's Maildir: whose and about what, by Message-ID."""
    mails = (message_from_bytes(path.read_bytes(), policy=policy.default) for path in (home / "mail" / "new").iterdir())
    return {mail["Message-ID"]: f"{mail['To']}: {mail['Subject']}" for mail in mails}


def run(on: str) -> bool:
    """Run a whole round of a day, letters and delivery included, and return whether the outbox was held."""
    made = whole_round(configured(), day(on), at_london(day(on)))
    return bool(made.delivered and made.delivered.held)


def test_a_book_is_lost_and_restored_and_its_letters_leave_once_more_under_their_first_ids(
    database: Engine,
    run_cli: Cli,
    elsewhere: Callable[[], str],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    first, second = tmp_path / "home", tmp_path / "another"
    WholeBook(database, run_cli)
    run(TUESDAY)
    of_tuesday = letters(first)
    assert run_cli("backup", str(tmp_path / "book.zip")).code == 0
    run(WEDNESDAY)
    of_wednesday = {key: said for key, said in letters(first).items() if key not in of_tuesday}
    assert of_tuesday
    assert of_wednesday

    elsewhere()
    second.mkdir(mode=0o700)
    monkeypatch.setenv("CASEBEAT_HOME", str(second))
    assert run_cli("restore", str(tmp_path / "book.zip"), "--hold").code == 0
    shutil.copy(first / "signing-secret", second / "signing-secret")
    assert run(WEDNESDAY)
    assert not (second / "mail").exists()
    assert run_cli("outbox", "--release").code == 0
    assert not run(WEDNESDAY)
    assert letters(second) == of_wednesday
