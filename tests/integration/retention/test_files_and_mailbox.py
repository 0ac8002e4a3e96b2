"""What a purge takes outside the database: handled mails, refused rows; and the backups that it names."""

import base64
import json
import os
from datetime import UTC, datetime

import pytest
from sqlalchemy import text

from config.settings import settings
from flows.configured import configured
from tasks.carriers.mail.maildir import Maildir
from tasks.intake.drop import load_dropped
from tasks.platform.erased_digest import erased_digest
from tasks.replies import imap
from tests.support import dovecot as server
from tests.worlds.extracts import a_case, a_contact
from tests.worlds.extracts import write as write_extract
from tests.worlds.replies import have_maildir, switch_on

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
    have_maildir(monkeypatch, tmp_path / "replies")
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


def test_refused_rows_of_an_erased_case_go_at_once_and_the_others_are_as_old_as_before(database, purge, tmp_path):
    refused = tmp_path / "home" / "rejected" / "cms-1"
    cases = write(refused / "cases.csv", NEW.replace(month=11))
    cases.write_text('"force_code","case_ref","x","x","line","problems"\n"45","G1","a","b","2","wrong"\n'
                     '"46","G1","a","b","3","wrong"\n"45","G12","a","b","4","wrong"\n')  # fmt: skip
    by_urn = write(refused / "orders.csv", NEW)
    by_urn.write_text('"urn","line","problems"\n"45ex 0000126/1","2","wrong"\n"45EX0000226","3","wrong"\n')
    by_name = write(refused / "actions-1.csv", NEW)
    by_name.write_text('"Their ref","line"\n"x 45/GONE-1","2"\n"ACT-00017","3"\n"ACT-000171","4"\n')
    for path in (cases, by_urn, by_name, refused):
        os.utime(path, (NEW.replace(month=11).timestamp(),) * 2)
    digest = erased_digest(configured())
    with database.begin() as connection:
        for name in ("case 45/G1", "urn 45EX0000126"):
            connection.execute(text("insert into erasures values (:digest, '2026-11-01')"), {"digest": digest(name)})
        connection.execute(
            text("""insert into audit (verb, by, about, ref, reason, detail) values
            ('erasure', 'x', 'case', '45/GONE-1', 'purge', '{"actions": ["ACT-00017"]}')""")
        )
    assert purge("rejected")[0]["rejected"]["count"] == 1
    assert cases.read_text().count("G1") == 3
    assert purge("rejected", "--apply")[0]["rejected"]["count"] == 1
    assert [line.split(",")[0:2] for line in cases.read_text().splitlines()[1:]] == [
        ['"46"', '"G1"'],
        ['"45"', '"G12"'],
    ]
    assert by_urn.read_text() == '"urn","line","problems"\n"45EX0000226","3","wrong"\n'
    assert by_name.read_text() == '"Their ref","line"\n"ACT-000171","4"\n'
    assert {path.stat().st_mtime for path in (cases, by_urn, by_name, refused)} == {NEW.replace(month=11).timestamp()}
    assert cases.stat().st_mode & 0o777 == 0o600
    assert purge("rejected", "--apply")[0]["rejected"]["count"] == 0


def test_handled_mails_of_the_reply_maildir_that_name_an_erased_case_go_at_once(database, purge, tmp_path, monkeypatch):
    have_maildir(monkeypatch, tmp_path / "replies")
    done = tmp_path / "replies" / ".Casebeat done" / "cur"
    named, other = write(done / "1:2,S", NEW.replace(month=11)), write(done / "2:2,S", NEW.replace(month=11))
    named.write_text("Subject: x\nContent-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: base64\n\n"
                     + base64.b64encode(b"About GONE-1, no more").decode())  # fmt: skip
    write(done / "3:2,S", NEW.replace(month=11)).write_bytes(nested_boundaries(500))
    with database.begin() as connection:
        connection.execute(
            text("""insert into audit (verb, by, about, ref, reason) values
            ('erasure', 'x', 'case', '45/GONE-1', 'purge')""")
        )
    assert purge("mailbox")[0]["mailbox"]["count"] == 1
    assert purge("mailbox", "--apply")[0]["mailbox"]["count"] == 1
    assert [named.exists(), other.exists()] == [False, True]


def nested_boundaries(many):
    """A mail whose boundaries email's own parser compares with each of its lines, for minutes."""
    opened = "".join(f"--{n}\nContent-Type: multipart/mixed; boundary={n + 1}\n\n" for n in range(many))
    return f"Content-Type: multipart/mixed; boundary=0\n\n{opened}{'x' * 9}\n".encode() + b"\n" * 200_000


def test_the_backups_that_still_hold_it_are_named(purge, tmp_path):
    assert purge("bodies")[1]["files"] == 0
    write(tmp_path / "home" / "backups" / "a.zip", datetime(2026, 5, 1, 9, tzinfo=UTC))
    write(tmp_path / "home" / "backups" / "b.zip", datetime(2026, 6, 1, 9, tzinfo=UTC))
    left = purge("bodies")[1]
    assert (left["files"], left["oldest"]) == (2, "2026-05-01")


SENT = {"contacts.csv": [a_contact()], "cases.csv": [a_case()]}
FOUR_WEEKS_BEFORE = datetime(2026, 10, 23, 6, tzinfo=UTC)


def test_loaded_extracts_leave_the_drop_folder_four_weeks_later_and_no_other_folder_does(
    database, purge, tmp_path, monkeypatch
):
    drop = tmp_path / "drop"
    monkeypatch.setenv("CASEBEAT_DROP", str(drop))
    loaded = write_extract(drop / "a", SENT, extracted_at="2026-10-23T05:00:00+00:00")
    refused = write_extract(drop / "b", SENT, number=2, rows={"cases.csv": 9}, extracted_at="2026-10-23T05:10:00+00:00")
    copying = write(drop / "c" / "cases.csv", OLD).parent
    assert load_dropped(configured(), FOUR_WEEKS_BEFORE)[:3] == (1, 0, 1)
    later = write_extract(drop / "d", SENT, number=3, extracted_at="2026-10-24T05:00:00+00:00")
    assert load_dropped(configured(), FOUR_WEEKS_BEFORE.replace(day=24)).loaded == 1
    assert purge("extracts")[0]["extracts"]["count"] == 1
    assert loaded.exists()
    assert purge("extracts", "--apply")[0]["extracts"]["count"] == 1
    assert [folder.exists() for folder in (loaded, refused, copying, later)] == [False, True, True, True]
    assert audited(database) == [("extracts", "1")]
    assert load_dropped(configured(), FOUR_WEEKS_BEFORE.replace(day=25)).already == 1
    assert purge("extracts", "--apply")[0]["extracts"]["count"] == 0


def test_an_extract_that_changed_since_it_was_loaded_stays_in_the_drop_folder(purge, tmp_path, monkeypatch):
    monkeypatch.setenv("CASEBEAT_DROP", str(tmp_path / "drop"))
    loaded = write_extract(tmp_path / "drop" / "a", SENT, extracted_at="2026-10-23T05:00:00+00:00")
    load_dropped(configured(), FOUR_WEEKS_BEFORE)
    (loaded / "cases.csv").write_bytes((loaded / "cases.csv").read_bytes() + b"\r\n")
    assert purge("extracts", "--apply")[0]["extracts"]["count"] == 0
    assert loaded.exists()


def test_mails_of_the_data_directory_go_by_the_day_of_their_message(database, purge, tmp_path):
    home = tmp_path / "home"
    box = Maildir(home)
    box.ready()
    for key in ("letter:P1:email:2026-05-20", "letter:P1:email:2026-05-21", "letter:P2:email:2026-05-20"):
        box.send("x@surrey.police.uk", b"Subject: x\r\n\r\nx\r\n", key)
        state = "queued" if "P2" in key else "shown"
        with database.begin() as connection:
            connection.execute(
                text("""insert into messages (key, kind, contact_ref, channel, day, state, due_at)
                        values (:key, 'letter', 'P1', 'email', cast(:day as date), :state, now())"""),
                {"key": key, "day": key.rpartition(":")[2], "state": state},
            )
    (home / "mail" / "cur" / "stranger:2,S").write_bytes(b"x")
    os.utime(home / "mail" / "cur" / "stranger:2,S", (OLD.replace(month=5).timestamp(),) * 2)
    of_nobody = write(home / "replies" / "new" / "1", OLD.replace(month=5))
    assert purge("mail")[0]["mail"]["count"] == 3
    assert purge("mail", "--apply")[0]["mail"]["count"] == 3
    left = sorted(path.name for part in ("new", "cur") for path in (home / "mail" / part).iterdir())
    assert left == ["letter=3AP1=3Aemail=3A2026-05-21", "letter=3AP2=3Aemail=3A2026-05-20"]
    assert not of_nobody.exists()
    assert audited(database) == [("mail", "3")]
