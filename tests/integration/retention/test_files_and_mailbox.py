"""What a purge takes outside the database: handled mails, refused rows; and the backups that it names."""

import json
import os
from datetime import UTC, datetime

import pytest
from sqlalchemy import text

from config.settings import settings
from tasks.replies import imap
from tests.support import dovecot as server
from tests.worlds.replies import switch_on

TODAY = "2026-11-20"
OLD, NEW = datetime(2026, 8, 20, 9, tzinfo=UTC), datetime(2026, 8, 20, 23, 30, tzinfo=UTC)  # after midnight in London


@pytest.fixture
def purge(database, run_cli):
    with database.begin() as connection:
        connection.execute(text("insert into rounds (force_code, day, began_at, account) "
                                "values ('45', '2026-11-20', now(), '{}')"))  # fmt: skip

    def purged(*more, code=0):
        ran = run_cli("purge", *more, "--json", "--as-of", TODAY)
        assert ran.code == code, ran.err
        return {one["class"]: one for one in json.loads(ran.out)["classes"]}, json.loads(ran.out)["backups"]

    return purged


def write(path, at):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("x")
    os.utime(path, (at.timestamp(), at.timestamp()))
    os.utime(path.parent, (at.timestamp(), at.timestamp()))
    return path


def audited(database):
    with database.connect() as connection:
        asked = "select ref, detail->>'count' from audit where verb = 'erasure' order by id"
        return list(map(tuple, connection.execute(text(asked))))


def test_handled_mails_of_a_maildir_go_by_their_day(database, purge, tmp_path, monkeypatch):
    for part in ("tmp", "new", "cur"):
        (tmp_path / "replies" / part).mkdir(parents=True)
    switch_on(monkeypatch, tmp_path / "replies")
    done = tmp_path / "replies" / ".Casebeat done" / "cur"
    old, new = write(done / "1:2,S", OLD), write(done / "2:2,S", NEW)
    waiting = write(tmp_path / "replies" / "new" / "3", datetime(2026, 8, 1, tzinfo=UTC))
    assert purge("mailbox")[0]["mailbox"]["count"] == 1
    assert old.exists()
    assert purge("mailbox", "--apply")[0]["mailbox"]["count"] == 1
    assert [path.exists() for path in (old, new, waiting)] == [False, True, True]
    assert audited(database) == [("mailbox", "1")]


@pytest.mark.skipif(not server.HERE, reason=server.WHY_NOT)
def test_handled_mails_of_an_imap_mailbox_go_by_the_servers_day(database, purge, monkeypatch):
    with server.dovecot() as running:
        switch_on(monkeypatch)
        for name, value in {"HOST": "localhost", "PORT": running.port, "PASSWORD": running.password}.items():
            monkeypatch.setenv(f"CASEBEAT_REPLIES__{name}", str(value))
        monkeypatch.setenv("SSL_CERT_FILE", str(running.cert))
        assert purge("mailbox")[0]["mailbox"]["count"] == 0  # nobody has made the folder yet
        _handled(running, [OLD.replace(day=day) for day in range(1, 20)], "old")
        _handled(running, [NEW.replace(day=25)], "new")
        assert purge("mailbox")[0]["mailbox"]["count"] == 19
        assert len(running.done()) == 20
        assert purge("mailbox", "--apply")[0]["mailbox"]["count"] == 19
        assert len(running.done()) == 1
        assert purge("mailbox", "--apply")[0]["mailbox"]["count"] == 0
    assert audited(database) == [("mailbox", "19")]


def _handled(running, moments, name):
    """Deliver mails, and let Casebeat's own reader put them away."""
    for number, at in enumerate(moments):
        running.drop(f"Subject: {name} {number}\r\n\r\nx\r\n".encode(), at)
    with imap.open_inbox(settings().replies) as box:
        box.done(box.mails(100))


def test_a_mailbox_out_of_reach_is_named_and_the_rest_is_done(purge, monkeypatch, tmp_path):
    switch_on(monkeypatch)
    monkeypatch.setenv("CASEBEAT_REPLIES__HOST", "localhost")
    monkeypatch.setenv("CASEBEAT_REPLIES__PORT", "1")
    monkeypatch.setenv("CASEBEAT_REPLIES__PASSWORD", "x")
    refused = tmp_path / "home" / "rejected" / "niche-45-1"
    write(refused / "cases.csv", datetime(2026, 10, 1, tzinfo=UTC))
    found, _ = purge("mailbox", "rejected", "--apply", code=1)
    assert "cannot be reached" in found["mailbox"]["trouble"]
    assert found["rejected"]["count"] == 1
    assert not refused.exists()


def test_refused_rows_go_by_the_day_they_were_written(database, purge, tmp_path):
    home = tmp_path / "home" / "rejected"
    old = write(home / "niche-45-1" / "cases.csv", datetime(2026, 10, 20, 9, tzinfo=UTC))
    new = write(home / "niche-45-2" / "cases.csv", datetime(2026, 10, 21, 9, tzinfo=UTC))
    assert purge("rejected")[0]["rejected"]["count"] == 1
    assert old.exists()
    assert purge("rejected", "--apply")[0]["rejected"]["count"] == 1
    assert [path.parent.exists() for path in (old, new)] == [False, True]
    assert audited(database) == [("rejected", "1")]


def test_the_backups_that_still_hold_it_are_named(purge, tmp_path):
    assert purge("bodies")[1]["files"] == 0
    write(tmp_path / "home" / "backups" / "a.zip", datetime(2026, 5, 1, 9, tzinfo=UTC))
    write(tmp_path / "home" / "backups" / "b.zip", datetime(2026, 6, 1, 9, tzinfo=UTC))
    left = purge("bodies")[1]
    assert (left["files"], left["oldest"]) == (2, "2026-05-01")
