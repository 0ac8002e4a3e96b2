"""Backing up and restoring on a real server: whole or not at all, and nothing leaves twice."""

import json
import os
import signal
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from uuid import uuid4

import psycopg2
import pytest
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.pool import NullPool

from config.routes import Channel
from config.terms import State
from flows.configured import configured
from models import migrations
from models.errors import Refuse
from models.queries.outbox import outbox
from models.queries.outbox.outbox import ClaimTerms
from tasks.outbox.delivery import deliver
from tasks.servers import backup, postgres_programs, restore
from tasks.servers import database as way
from tests.support.ran import ROOT, Ran
from tests.support.small_disk import NEEDS_ROOT, small_disk
from tests.worlds.rows import AT_NINE, World

Cli = Callable[..., Ran]
MAIL = ClaimTerms(Channel.EMAIL, AT_NINE)
RIGHTS = """select relname::text, array(select x::text from unnest(relacl) x order by 1) from pg_class
            where relnamespace = 'public'::regnamespace order by 1"""
DEFAULTS = """select defaclobjtype::text, array(select x::text from unnest(defaclacl) x order by 1)
              from pg_default_acl order by 1"""
SHAPE = """select 'trigger', tgname::text, tgenabled::text from pg_trigger where not tgisinternal
           union all select 'index', indexdef, '' from pg_indexes where schemaname = 'public'
           union all select 'constraint', conname::text, pg_get_constraintdef(oid) from pg_constraint
                     where connamespace = 'public'::regnamespace
           order by 1, 2"""


def ask(url: str, statement: str) -> list[tuple]:
    engine = create_engine(url, poolclass=NullPool)
    with engine.connect() as connection:
        return [tuple(row) for row in connection.execute(text(statement))]


@pytest.fixture
def owner() -> str:
    return os.environ["CASEBEAT_DATABASE_OWNER_URL"]


@pytest.fixture
def on_their_way(database: Engine) -> None:
    """One message that left, one that is being sent, and one that waits, each to a person of its own."""
    with database.begin() as connection:
        World(connection).said("P45gone1", "SAMPLE-1")
    assert deliver(configured(), AT_NINE).counts == {State.SHOWN: 1}
    with database.begin() as connection:
        world = World(connection)
        world.said("P45now1", "SAMPLE-2")
        assert len(outbox.claim(connection, uuid4(), MAIL, 10)) == 1
        connection.execute(text("update messages set state = 'sending', body = 'Subject: Old' where state = 'claimed'"))
        world.said("P45soon1", "SAMPLE-3")


def test_what_is_restored_elsewhere_is_held_and_then_leaves_once(
    on_their_way: None, run_cli: Cli, elsewhere: Callable[[], str], tmp_path: Path
) -> None:
    file, maildir = tmp_path / "book.zip", tmp_path / "home" / "mail" / "new"
    assert run_cli("backup", str(file)).code == 0
    assert (file.stat().st_mode & 0o777, [path.name for path in tmp_path.glob(".casebeat-*")]) == (0o600, [])
    url = elsewhere()
    ran = run_cli("restore", str(file), "--hold")
    assert (ran.code, ran.err) == (0, "")
    assert "The outbox is held: nothing leaves." in ran.out
    assert "casebeat outbox --sent-log FILE" in ran.out
    states = "select contact_ref, state from messages order by 1"
    assert ask(url, states) == [("P45gone1", "shown"), ("P45now1", "sending"), ("P45soon1", "queued")]
    assert len(list(maildir.iterdir())) == 1
    assert deliver(configured(), AT_NINE).held
    assert len(list(maildir.iterdir())) == 1
    assert run_cli("outbox", "--release").out == "The outbox is released.\n"
    assert deliver(configured(), AT_NINE).counts == {State.SHOWN: 2}
    assert deliver(configured(), AT_NINE).counts == {}
    assert sum("Subject: [May be a repeat]" in path.read_text() for path in maildir.iterdir()) == 1
    assert [state for _, state in ask(url, states)] == ["shown"] * 3
    done = ask(url, "select about, reason from audit where about in ('database', 'outbox') order by id")
    assert done == [("database", "restored"), ("outbox", "held"), ("outbox", "released")]


def test_a_restored_database_has_the_rows_rights_and_shape_of_the_first(
    on_their_way: None, run_cli: Cli, owner: str, elsewhere: Callable[[], str], tmp_path: Path
) -> None:
    first = [ask(owner, statement) for statement in (RIGHTS, DEFAULTS, SHAPE)]
    made = json.loads(run_cli("backup", str(tmp_path / "book.zip"), "--json").out)
    assert (made["revision"], made["rows"]["messages"], made["file"]) == (migrations.HEAD, 3, f"{tmp_path}/book.zip")
    url = elsewhere()
    restored = json.loads(run_cli("restore", str(tmp_path / "book.zip"), "--hold", "--json").out)
    assert (restored["held"], restored["rows"]) == (True, made["rows"])
    assert [ask(url, statement) for statement in (RIGHTS, DEFAULTS, SHAPE)] == first
    with way.transaction() as connection:
        World(connection).said("P45new1", "SAMPLE-9")  # the sequences go on behind the restored rows


def test_a_backup_is_of_one_moment_while_others_write(
    on_their_way: None, owner: str, database: Engine, tmp_path: Path
) -> None:
    def write(done: int, total: int) -> None:
        with database.begin() as connection:
            connection.execute(text("insert into switches values (:name, '', now(), 'me')"), {"name": uuid4().hex})

    made = backup.back_up(owner, tmp_path / "book.zip", AT_NINE, write)
    assert ask(owner, "select count(*) from switches where set_by = 'me'")[0][0] > 0
    assert made.rows["switches"] == ask(owner, "select count(*) from switches where set_by <> 'me'")[0][0]
    with zipfile.ZipFile(tmp_path / "book.zip") as archive:
        assert sorted(archive.namelist()) == ["casebeat.sql", "manifest.json"]
        assert backup.BackupManifest.model_validate_json(archive.read("manifest.json")) == made


def test_without_hold_a_full_database_or_another_file_nothing_is_restored(
    on_their_way: None, run_cli: Cli, elsewhere: Callable[[], str], tmp_path: Path
) -> None:
    file = tmp_path / "book.zip"
    run_cli("backup", str(file))
    assert "is there already: name another file" in run_cli("backup", str(file)).err
    full = run_cli("restore", str(file), "--hold")
    assert full.code == 2
    assert "tables already, and a backup is restored into an empty one only" in full.err
    url = elsewhere()
    assert "Give --hold" in run_cli("restore", str(file)).err
    whole = file.read_bytes()
    for damaged in (whole[:-30], whole[: len(whole) // 2], b"", flipped(whole)):
        file.write_bytes(damaged)
        ran = run_cli("restore", str(file), "--hold")
        assert (ran.code, ran.out) == (2, "")
        assert "is no whole backup: cut, changed or another file" in ran.err
    assert ask(url, "select tablename from pg_tables where schemaname = 'public'") == []


def flipped(whole: bytes) -> bytes:
    """The same file with one bit of its SQL changed."""
    at = len(whole) // 3
    return whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :]


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"revision": "9999"}, "newer than this code"),
        ({"revision": "0028"}, "by loading the newest extract of each source into an empty database"),
        ({"postgres": 99}, "restore into one that is not older"),
        ({"rows": {"messages": 4}}, "its rows are not those that its manifest counts"),
        ({"surprise": 1}, "is no backup of Casebeat's: it has no manifest"),
    ],
)
def test_a_backup_that_does_not_fit_leaves_the_database_empty(
    on_their_way: None, run_cli: Cli, elsewhere: Callable[[], str], tmp_path: Path, changed: dict, sentence: str
) -> None:
    run_cli("backup", str(tmp_path / "book.zip"))
    with zipfile.ZipFile(tmp_path / "book.zip") as archive:
        sql, manifest = archive.read("casebeat.sql"), json.loads(archive.read("manifest.json"))
    with zipfile.ZipFile(tmp_path / "other.zip", "w") as archive:
        archive.writestr("casebeat.sql", sql)
        archive.writestr("manifest.json", json.dumps(manifest | changed))
    url = elsewhere()
    ran = run_cli("restore", str(tmp_path / "other.zip"), "--hold")
    assert (ran.code, ran.out) == (2, "")
    assert sentence in ran.err
    assert ask(url, "select tablename from pg_tables where schemaname = 'public'") == []


def test_a_restore_that_is_killed_leaves_the_database_empty(
    on_their_way: None, run_cli: Cli, elsewhere: Callable[[], str], tmp_path: Path
) -> None:
    run_cli("backup", str(tmp_path / "book.zip"))
    url = elsewhere()
    script = (
        "import sys, time; from pathlib import Path; from tasks.servers import restore\n"
        "def stay(done, total): print(flush=True); time.sleep(60)\n"
        "from tests.worlds.rows import AT_NINE\n"
        "restore.restore(sys.argv[1], Path(sys.argv[2]), restore.Hold('me', AT_NINE), None, stay)"
    )
    killed = subprocess.Popen(
        [sys.executable, "-c", script, url, str(tmp_path / "book.zip")],
        cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)}, stdout=subprocess.PIPE,
    )  # fmt: skip
    assert killed.stdout is not None
    assert killed.stdout.readline() == b"\n"
    killed.send_signal(signal.SIGKILL)
    killed.wait()
    killed.stdout.close()
    _until_nobody_else(url)
    assert ask(url, "select tablename from pg_tables where schemaname = 'public'") == []
    assert run_cli("restore", str(tmp_path / "book.zip"), "--hold").code == 0


def _until_nobody_else(url: str) -> None:
    others = """select count(*) from pg_stat_activity where datname = current_database()
                and pid <> pg_backend_pid() and backend_type = 'client backend'"""
    end = time.monotonic() + 20
    while ask(url, others) != [(0,)]:
        assert time.monotonic() < end
        time.sleep(0.1)


def test_a_backup_that_is_stopped_leaves_no_file(on_their_way: None, owner: str, tmp_path: Path) -> None:
    def stop(done: int, total: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        backup.back_up(owner, tmp_path / "book.zip", AT_NINE, stop)
    assert [path.name for path in tmp_path.iterdir() if path.name != "home"] == []


@NEEDS_ROOT
def test_a_disk_without_room_is_refused_and_one_that_fills_leaves_no_file(
    on_their_way: None, owner: str, tmp_path: Path, elsewhere: Callable[[], str]
) -> None:
    disk, file = tmp_path / "disk", tmp_path / "book.zip"
    with small_disk(disk, 2), pytest.raises(Refuse, match=r"has 2 MB free, and the tables take \d+ MB: name a file"):
        backup.back_up(owner, disk / "book.zip", AT_NINE, lambda *_: None)
    with small_disk(disk, 64), pytest.raises(Refuse, match=r"cannot be written \(No space left on device\)"):
        backup.back_up(owner, disk / "book.zip", AT_NINE, lambda *_: _fill(disk))
    assert list(disk.iterdir()) == []
    backup.back_up(owner, file, AT_NINE, lambda *_: None)
    with small_disk(disk, 2), pytest.raises(Refuse, match=r"has 2 MB free, and the backup needs \d+ MB: make room"):
        restore.restore(elsewhere(), file, restore.Hold("me", AT_NINE), disk, lambda *_: None)


def _fill(disk: Path) -> None:
    with suppress(OSError), (disk / "filler").open("ab", buffering=0) as file:
        while True:
            file.write(b"x" * 4096)


def test_only_the_servers_own_release_of_a_program_is_taken() -> None:
    release = postgres_programs.release_of(postgres_programs.program_folders("pg_dump")[0] / "pg_dump")
    assert postgres_programs.release_of(postgres_programs.client("pg_dump", release)) == release
    with pytest.raises(Refuse, match="The server is PostgreSQL 99, and no pg_dump of that release was found"):
        postgres_programs.client("pg_dump", 99)


def test_a_role_that_may_not_read_everything_makes_no_backup(database: Engine, owner: str, tmp_path: Path) -> None:
    with create_engine(owner, poolclass=NullPool).begin() as connection:
        connection.execute(text("revoke select on messages from casebeat_report"))
    with pytest.raises(psycopg2.errors.InsufficientPrivilege):
        backup.back_up(
            owner.replace("casebeat_owner", "casebeat_report"), tmp_path / "book.zip", AT_NINE, lambda *_: None
        )
    assert not (tmp_path / "book.zip").exists()
