"""Delivery when the outcome of a commit is unknown: nothing is sent because of it, and no answer is lost."""

from contextlib import suppress
from email import message_from_bytes, policy
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import psycopg2
import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError

from config.settings import settings
from flows.configured import configured
from tasks.outbox.delivery import deliver
from tasks.servers import database as way
from tests.support.commit_cutter import CommitCutter
from tests.support.post import RawServer
from tests.worlds.rows import AT_NINE, World

LETTERS = 3


@pytest.mark.parametrize("after", [False, True], ids=["not committed", "committed"])
@pytest.mark.parametrize("at", range(1, 15))
def test_whichever_commit_is_lost_each_letter_leaves_once(
    database: Engine, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, at: int, after: bool
) -> None:
    with database.begin() as connection:
        for number in range(LETTERS):
            World(connection).said(f"P45of{number}", f"SAMPLE-{number}")
    server = Path(parse_qs(urlsplit(str(database.url)).query)["host"][0])
    with RawServer() as mail, CommitCutter(tmp_path / "pg", server, after=after) as cutter:
        direct = settings().database_url
        assert direct is not None
        monkeypatch.setenv("CASEBEAT_MAIL__HOST", "127.0.0.1")
        monkeypatch.setenv("CASEBEAT_MAIL__PORT", str(mail.port))
        monkeypatch.setenv("CASEBEAT_MAIL__OPERATIONS", "ops@surrey.police.uk")
        url = direct.get_secret_value().replace(str(server), str(tmp_path / "pg")).replace("%2F", "/")
        monkeypatch.setenv("CASEBEAT_DATABASE_URL", url)
        way.engine()  # its own commits are not counted
        cutter.at = at
        with suppress(DBAPIError, psycopg2.Error):  # the last answer is recorded again, and the cut has no effect
            deliver(configured(), AT_NINE)
        assert cutter.at <= 0
        deliver(configured(), AT_NINE)
        ids = [message_from_bytes(each, policy=policy.default)["Message-ID"] for each in mail.accepted]
    assert len(ids) == len(set(ids)) == LETTERS
    with database.begin() as connection:
        assert connection.execute(text("select state, count(*) from messages group by 1")).all() == [("sent", LETTERS)]
