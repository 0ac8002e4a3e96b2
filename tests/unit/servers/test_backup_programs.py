"""PostgreSQL's client programs: what they are given, what is read of them, and whom a URL's role may be."""

import subprocess
from subprocess import PIPE

import pytest

from tasks.servers.postgres_programs import running

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
