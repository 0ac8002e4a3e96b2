"""PostgreSQL's client programs: what they are given, what is read of them, and whom a URL's role may be."""

import io
import subprocess
from contextlib import contextmanager, nullcontext
from datetime import UTC, datetime
from subprocess import PIPE
from types import SimpleNamespace

import pytest
from sqlalchemy.exc import OperationalError

from models.errors import Refuse
from models.queries import schema
from tasks.servers import backup, roles
from tasks.servers import postgres_programs as programs
from tasks.servers.backup import BackupManifest
from tasks.servers.postgres_session import running

AT = datetime(2026, 3, 17, 9, tzinfo=UTC)
MADE = BackupManifest(casebeat="1", revision="0001", postgres=17, made_at=AT, bytes=1, rows={"cases": 2, "audit": 1})
TELLS = ["/bin/sh", "-c", 'echo "$2"; echo "$PGPASSWORD"; pwd', "x"]


@pytest.mark.parametrize(("url", "password"), [("me:hunter2@h", "hunter2"), ("me@h", "")])
def test_a_password_goes_by_the_environment_alone(monkeypatch, url, password):
    monkeypatch.delenv("PGPASSWORD", raising=False)
    with running(TELLS, f"postgresql+psycopg2://{url}:5432/book", stdout=PIPE) as process:
        dsn, secret, folder = process.stdout.read().decode().splitlines()
    assert (secret, folder, "hunter2" in dsn) == (password, "/", False)
    assert sorted(dsn.split()) == ["dbname=book", "host=h", "port=5432", "user=me"]


def test_a_program_that_still_runs_is_killed_at_the_end_and_one_that_ended_is_left(monkeypatch):
    with running(["/bin/sh", "-c", "sleep 60"], "postgresql+psycopg2://me@h/x") as process:
        assert process.poll() is None
    assert process.returncode == -9
    with running(["/bin/sh", "-c", "exit 3"], "postgresql+psycopg2://me@h/x", stdin=PIPE) as process:
        process.stdin.write(b"nobody reads this")
        process.wait()
        monkeypatch.setattr(subprocess.Popen, "kill", lambda _: pytest.fail("it has ended"))
    assert (process.returncode, process.stdin.closed) == (3, True)


@pytest.fixture
def dumped(monkeypatch):
    def of(text, code=0):
        progress, to = [], io.BytesIO()
        process = SimpleNamespace(stdout=io.BytesIO(text), wait=lambda: code)
        monkeypatch.setattr(programs, "client", lambda *_: "/bin/pg_dump")
        monkeypatch.setattr(backup, "running", lambda *_, **__: nullcontext(process))
        monkeypatch.setattr(backup, "BLOCK", 4)
        backup._dump("u", MADE, "snapshot", to, lambda *given: progress.append(given))
        return to.getvalue(), progress

    return of


def test_a_dump_is_written_whole_and_its_lines_are_counted_up_to_all_rows(dumped):
    assert dumped(b"a\nb\nc\nd\ne\n") == (b"a\nb\nc\nd\ne\n", [(2, 3), (3, 3), (3, 3)])


@pytest.mark.parametrize(("text", "words"), [(b"", "could not read the database: CASEB"), (b"a\nb\n", "the whole dat")])
def test_a_dump_that_fails_is_refused_by_how_far_it_came(dumped, text, words):
    with pytest.raises(Refuse, match=words):
        dumped(text, 1)


def test_a_database_without_tables_has_no_backup(monkeypatch):
    monkeypatch.setattr(schema, "revision", lambda _: None)
    with pytest.raises(Refuse, match="there is nothing to back up"):
        backup._manifest(None, AT)
    for name, value in {"revision": "0001", "release": 17, "table_bytes": 9, "row_counts": {"cases": 2}}.items():
        monkeypatch.setattr(schema, name, lambda _, value=value: value)
    made = backup._manifest(None, AT)
    assert (made.revision, made.postgres, made.bytes, made.total, made.made_at) == ("0001", 17, 9, 2, AT)


@pytest.fixture
def urls(monkeypatch):
    """Two URLs, of which the second reaches a database with the first one's lock, another, or none."""

    def of(second):
        tried = []

        @contextmanager
        def opened(url):
            if second == "none":
                raise OperationalError("s", {}, ValueError())
            yield url

        def lock(_, number):
            tried.append(number)
            return len(tried) == 1 or second == "another"

        monkeypatch.setattr(roles, "as_owner", nullcontext)
        monkeypatch.setattr(roles, "opened", opened)
        monkeypatch.setattr(schema, "try_lock", lock)
        monkeypatch.setattr(schema, "could_change_audit", lambda _: second == "another")
        return tried

    return of


def test_two_urls_of_two_databases_are_refused(urls):
    tried = urls("another")
    with pytest.raises(Refuse, match="lead to two databases"):
        roles.refuse_two_databases("a", "b")
    assert len(set(tried)) == 1
    tried.clear()
    roles.refuse_two_databases("a", "a")
    assert tried == [], "one URL is one database"
    for second in ("same", "none"):
        urls(second)
        roles.refuse_two_databases("a", "b")


@pytest.mark.parametrize(
    ("second", "words"), [("same", []), ("another", ["owns the tables"]), ("none", ["be used yet"])]
)
def test_a_login_that_owns_the_tables_or_cannot_be_used_is_warned_of(urls, second, words):
    urls(second)
    found = roles.warnings("b")
    assert [word in one for one, word in zip(found, words, strict=True)] == [True] * len(words)
