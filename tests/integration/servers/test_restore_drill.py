"""The drill of docs/deploy.md: a book of yesterday is restored, its day is run again, and nobody is told twice."""

from collections.abc import Callable, Iterator
from email import message_from_bytes
from pathlib import Path

import pytest
from sqlalchemy import Engine

from tests.support.post import RawServer
from tests.support.ran import Ran
from tests.worlds.one_case import OneCase

MONDAY, TUESDAY = "2026-03-16", "2026-03-17"
LINES = """2026-03-17 08:00:07 1w2EfF-{number:011}-1abc <= casebeat@surrey.police.uk H=book P=esmtp S=9 id={id}
2026-03-17 08:00:07 1w2EfF-{number:011}-1abc => robin@surrey.police.uk R=dnslookup T=remote_smtp C="250 OK"
"""
Cli = Callable[..., Ran]


@pytest.fixture
def post(monkeypatch: pytest.MonkeyPatch) -> Iterator[RawServer]:
    monkeypatch.setenv("CASEBEAT_CLOCK", "virtual")
    with RawServer() as started:
        mail = {"HOST": "127.0.0.1", "PORT": str(started.port), "OPERATIONS": "ops@surrey.police.uk"}
        for name, value in mail.items():
            monkeypatch.setenv(f"CASEBEAT_MAIL__{name}", value)
        yield started


@pytest.fixture
def lost(database: Engine, run_cli: Cli, post: RawServer, elsewhere: Callable[[], str], tmp_path: Path) -> list[str]:
    """A book of Monday evening, restored after Tuesday's letters had left; their Message-IDs."""
    book = OneCase(database, run_cli)
    book.say("update sources set last_extracted_at = '2026-03-16T05:00Z'")
    assert run_cli("run", "--as-of", MONDAY).code == 0
    assert run_cli("backup", str(tmp_path / "book.zip")).code == 0
    post.accepted.clear()
    book.say("update sources set last_extracted_at = '2026-03-17T05:00Z'")
    assert run_cli("run", "--as-of", TUESDAY).code == 0
    left = ids(post)
    assert len(left) >= 3, "Tuesday's letters, and the day's report to operations"
    elsewhere()
    assert run_cli("restore", str(tmp_path / "book.zip"), "--hold").code == 0
    assert run_cli("run", "--as-of", TUESDAY).code == 1, "the outbox is held"
    assert ids(post) == []
    return left


def ids(post: RawServer) -> list[str]:
    """The Message-IDs of the mails that were accepted since the last look."""
    found = [str(message_from_bytes(each)["Message-ID"]) for each in post.accepted]
    post.accepted.clear()
    return found


def release(run_cli: Cli) -> None:
    assert run_cli("outbox", "--release").code == 0
    run_cli("run", "--as-of", TUESDAY)


def test_what_the_mail_servers_log_shows_to_have_left_leaves_no_second_time(
    lost: list[str], run_cli: Cli, post: RawServer, tmp_path: Path
) -> None:
    log = tmp_path / "mainlog"
    log.write_text("".join(LINES.format(number=number, id=id_[1:-1]) for number, id_ in enumerate(lost)))
    ran = run_cli("outbox", "--sent-log", str(log))
    assert (ran.code, ran.err) == (0, "")
    release(run_cli)
    assert not set(ids(post)) & set(lost)
