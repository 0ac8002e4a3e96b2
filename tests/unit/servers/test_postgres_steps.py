"""The steps that start and stop the embedded server, in whatever state an earlier one was left; no server runs."""

import os
import shutil
import signal
from contextlib import nullcontext
from pathlib import Path
from types import SimpleNamespace

import psycopg2
import pytest

from models.errors import Refuse
from tasks.servers import postgres
from tasks.servers import postgres_programs as programs
from tasks.servers.postgres_place import SOCKET


class Home:
    """A data directory's server: whether it answers each time that it is asked, and what was done."""

    def __init__(self, folder):
        self.home, self.data, self.sockets = folder, folder / "postgres", folder / "postgres"
        self.prepared, self.listens_in = self.data / "casebeat.prepared", "/proc/self/cwd"
        self.answering, self.elsewhere, self.done, self.now, self.begins = [], False, [], 0.0, []
        self.pids = [None]

    def answers(self):
        return self.answering.pop(0) if len(self.answering) > 1 else self.answering[0]

    def listens_elsewhere(self):
        return self.elsewhere

    def make_sockets(self):
        self.done.append("sockets")

    def check_sockets(self):
        self.done.append("checked")

    def postmaster(self, _):
        return self.pids.pop(0) if len(self.pids) > 1 else self.pids[0]

    def ctl(self, _):
        return self.begins.pop(0) if len(self.begins) > 1 else self.begins[0]

    def sleep(self, seconds):
        self.now += seconds

    def has(self, *files):
        self.data.mkdir(exist_ok=True)
        for name in files:
            (self.data / name).touch()


@pytest.fixture
def home(monkeypatch, tmp_path):
    tmp_path.chmod(0o700)
    made, put = Home(tmp_path), monkeypatch.setattr
    put(postgres, "_place", lambda _: made)
    put(programs, "postmaster", made.postmaster)
    put(postgres, "time", SimpleNamespace(monotonic=lambda: made.now, sleep=made.sleep))
    put(os, "kill", lambda *given: made.done.append(given))
    return made


@pytest.fixture
def steps(home, monkeypatch):
    """The same, whose longer steps are only noted."""
    for name in ("_initialise", "_launch", "_prepare", "_stop"):
        monkeypatch.setattr(postgres, name, lambda _, *more, name=name: home.done.append((name, *more)))
    return home


def start(home):
    return postgres.start(home.home), [step if isinstance(step, str) else step[0] for step in home.done]


def test_a_server_that_answers_is_left_alone(steps):
    steps.has("PG_VERSION", "casebeat.prepared")
    steps.answering = [True]
    assert start(steps) == (False, [])
    assert not (steps.home / "postgres.lock").exists()


def test_the_first_start_makes_the_cluster_starts_it_and_prepares_it_once(steps):
    steps.answering = [False]
    steps.data.mkdir()
    assert start(steps) == (True, ["_initialise", "_launch", "_prepare"])
    assert steps.prepared.exists()
    steps.has("PG_VERSION")
    steps.done.clear()
    assert start(steps) == (True, ["_launch"])


def test_a_server_that_another_process_started_meanwhile_is_not_started_again(steps):
    steps.has("PG_VERSION", "casebeat.prepared")
    steps.answering = [False, True]
    assert start(steps) == (False, [])


def test_a_cluster_that_was_not_prepared_to_its_end_is_prepared(steps):
    steps.has("PG_VERSION")
    steps.answering = [True]
    assert start(steps) == (False, ["_prepare"])


@pytest.mark.parametrize(("pid", "elsewhere", "stopped"), [(7, True, True), (7, False, False), (None, True, False)])
def test_only_a_server_of_an_earlier_release_is_stopped_before_it_is_started(steps, pid, elsewhere, stopped):
    steps.has("PG_VERSION", "casebeat.prepared")
    steps.answering, steps.pids, steps.elsewhere = [False], [pid], elsewhere
    assert start(steps) == (True, ["_stop"] * stopped + ["_launch"])


def test_a_server_is_stopped_and_its_socket_goes_with_it(steps):
    steps.has("PG_VERSION")
    steps.pids = [7]
    assert postgres.stop(steps.home)
    assert steps.done == [("_stop", 7)]
    assert steps.data.exists(), "beside the files there is nothing to remove"
    steps.done.clear()
    steps.pids, steps.sockets = [None], steps.home / "sockets"
    steps.sockets.mkdir()
    assert not postgres.stop(steps.home)
    assert (steps.done, steps.sockets.exists()) == (["checked"], False)


def test_where_there_is_no_cluster_there_is_nothing_to_stop(steps):
    steps.pids = [7]
    assert not postgres.stop(steps.home)
    assert steps.done == []


@pytest.fixture
def launching(home, monkeypatch):
    home.has("postmaster.pid", f"{SOCKET}.lock")
    monkeypatch.setattr(postgres, "_pg_ctl_start", home.ctl)
    return home


def left(home):
    return sorted(path.name for path in home.data.iterdir())


def test_a_server_that_starts_has_its_configuration_and_its_socket(launching, monkeypatch):
    launching.begins, launching.answering = [True], [True]
    for roomy, kind in ((True, "posix"), (False, "mmap")):
        monkeypatch.setattr(postgres, "_is_roomy", lambda _, roomy=roomy: roomy)
        postgres._launch(launching)
        kept = (launching.data / "casebeat.conf").read_text()
        assert f"dynamic_shared_memory_type = {kind}\n" in kept
        assert "unix_socket_directories = '/proc/self/cwd'\n" in kept
    assert (launching.done, launching.now) == (["sockets", "sockets"], 0)


def test_what_a_killed_server_left_is_removed_and_what_a_living_one_has_is_not(launching):
    launching.begins, launching.answering, launching.pids = [False, True], [False, True], [7]
    postgres._launch(launching)
    assert "postmaster.pid" in left(launching)
    launching.begins, launching.answering, launching.pids = [False, True], [False, True], [None]
    postgres._launch(launching)
    assert left(launching) == ["casebeat.conf"]


def test_a_server_that_another_process_starts_is_enough(launching):
    launching.begins, launching.answering = [False], [True]
    postgres._launch(launching)
    assert "postmaster.pid" in left(launching)


def test_a_server_has_a_minute_to_start(launching):
    launching.begins, launching.answering = [True], [False]
    with pytest.raises(Refuse, match="did not start; see"):
        postgres._launch(launching)
    assert 60 < launching.now < 60.5


def test_a_server_is_told_to_stop_and_has_a_minute(home):
    home.pids = [7, 7, 8]
    postgres._stop(home, 7)
    assert home.done == [(7, signal.SIGINT)]
    home.pids = [7]
    with pytest.raises(Refuse, match="did not stop"):
        postgres._stop(home, 7)
    assert 60 < home.now < 60.5


@pytest.mark.parametrize(("total", "roomy"), [(2**30 - 1, False), (2**30, True)])
def test_shared_memory_of_a_gigabyte_is_enough_for_parallel_queries(monkeypatch, tmp_path, total, roomy):
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(total=total))
    assert postgres._is_roomy(tmp_path) is roomy
    assert not postgres._is_roomy(tmp_path / "absent")


@pytest.mark.parametrize("known", [(1,), None])
def test_a_role_is_made_where_it_is_missing(home, monkeypatch, known):
    done = []
    cursor = nullcontext(SimpleNamespace(execute=lambda *given: done.append(given), fetchone=lambda: known))
    connection = SimpleNamespace(cursor=lambda: cursor, close=lambda: None)
    monkeypatch.setattr(psycopg2, "connect", lambda **_: connection)
    postgres._create_missing(home, "postgres", "create role x", unless=("pg_roles", "rolname", "x"))
    assert [given[0] for given in done[1:]] == ([] if known else ["create role x"])
    assert done[0][1] == ("x",)


@pytest.mark.parametrize(("who", "owner"), [(0, [65534, 65533]), (4711, [])])
@pytest.mark.parametrize(("code", "fails"), [(0, False), (1, True)])
def test_a_cluster_is_there_whole_or_not_at_all_and_roots_is_another_users(home, monkeypatch, code, fails, who, owner):
    def initdb(command, folder):
        assert command[0] == Path("/bin/initdb")
        (folder / "postgresql.conf").write_text("# shipped")
        return SimpleNamespace(returncode=code)

    owners: list[int] = []
    monkeypatch.setattr(os, "geteuid", lambda: who)
    monkeypatch.setattr(os, "chown", lambda _, *given: owners.extend(given))
    (home.home / "postgres.new" / "half").mkdir(parents=True)
    home.has("leftover")
    monkeypatch.setattr(programs, "run", initdb)
    monkeypatch.setattr(programs, "folder_for", lambda _: Path("/bin"))
    monkeypatch.setattr(programs, "account", lambda: (65534, 65533))
    monkeypatch.setattr(os, "sync", lambda: None)
    if fails:
        with pytest.raises(Refuse, match="initdb failed"):
            postgres._initialise(home)
        assert left(home) == ["leftover"]
        return
    postgres._initialise(home)
    assert owners == owner
    assert left(home) == ["casebeat.token", "postgresql.conf"]
    assert len((home.data / "casebeat.token").read_text()) == 32
    assert "include_if_exists = 'casebeat.conf'" in (home.data / "postgresql.conf").read_text()
    assert (home.data.stat().st_mode & 0o777, (home.home / "postgres.new").exists()) == (0o700, False)


@pytest.mark.parametrize(("code", "well"), [(0, True), (1, False), (3, False)])
def test_pg_ctl_tells_whether_the_server_is_up(home, monkeypatch, code, well):
    ran = []
    monkeypatch.setattr(programs, "folder_for", lambda _: Path("/bin"))
    monkeypatch.setattr(programs, "run", lambda *given: ran.append(given) or SimpleNamespace(returncode=code))
    assert postgres._pg_ctl_start(home) is well
    ((command, folder),) = ran
    assert (folder, command[0], command[command.index("-t") + 1]) == (home.data, Path("/bin/pg_ctl"), "60")
