"""The data directory is for its user alone, what lies above it is left alone, and nobody can pose as its database."""

import multiprocessing
import os
import shutil
import signal
import socket
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from config.settings import settings
from models.errors import Refuse
from tasks.carriers.mail.maildir import Maildir
from tasks.platform import secret_file, tokens
from tasks.platform.home import close_to_others, keep_private
from tasks.servers import postgres, postgres_programs
from tasks.servers.postgres_place import SOCKET, Place
from tests.support.embedded import ask, gone, postmaster

NOBODY = 65534
as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can play two users")


def mode(folder: Path) -> int:
    return folder.stat().st_mode & 0o777


@pytest.fixture
def above() -> Iterator[Path]:
    """A folder that no other user may enter."""
    made = Path(tempfile.mkdtemp(prefix="casebeat-tests-"))
    yield made
    shutil.rmtree(made)


@pytest.fixture
def long_home(above: Path) -> Iterator[Path]:
    """A data directory whose socket has its folder in /tmp, and whose server ran and was stopped."""
    home = above / ("x" * 90)
    postgres.start(home)
    sockets = Place(home).sockets
    assert sockets.parent == Path("/tmp")  # noqa: S108
    postgres.stop(home)
    yield home
    shutil.rmtree(sockets, ignore_errors=True)
    postgres.stop(home)


def as_nobody(does: Callable[[], None]) -> None:
    """Do it as another real user, in a process that goes on until it is killed."""

    def other() -> None:
        os.setgroups([])
        os.setgid(NOBODY)
        os.setuid(NOBODY)
        does()
        ready.set()
        time.sleep(120)

    fork = multiprocessing.get_context("fork")
    ready = fork.Event()
    child = fork.Process(target=other, daemon=True)
    child.start()
    assert ready.wait(20)
    OTHERS.append(child)


OTHERS: list[multiprocessing.Process] = []


@pytest.fixture(autouse=True)
def ended() -> Iterator[None]:
    yield
    while OTHERS:
        OTHERS.pop().kill()


def test_a_new_data_directory_is_for_its_user_alone(above: Path) -> None:
    old = os.umask(0)
    try:
        Maildir(above / "one").ready()
        secret_file.make(above / "two" / tokens.FILE)
        keep_private(above / "three")
    finally:
        os.umask(old)
    assert [mode(above / name) for name in ("one", "two", "three")] == [0o700] * 3


def test_a_data_directory_of_ours_that_is_open_is_closed(above: Path) -> None:
    for held in ("mail", "postgres.lock", None):
        home = above / f"home with {held}"
        home.mkdir()
        home.chmod(0o755)
        if held:
            (home / held).touch()
        close_to_others(home)
        assert mode(home) == 0o700


def test_a_round_with_a_database_of_its_own_closes_the_data_directory_too(database, run_cli) -> None:
    home = settings().home
    home.mkdir(mode=0o755, exist_ok=True)
    home.chmod(0o755)
    from tasks.servers import database as way  # noqa: PLC0415  the fixture has its name

    way.close()
    assert run_cli("stalled").code == 0
    assert mode(home) == 0o700


def test_an_open_folder_with_other_files_is_refused_and_left_alone(
    above: Path, run_cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = above / "shared"
    home.mkdir()
    home.chmod(0o755)
    (home / "someone's").touch()
    monkeypatch.setenv("CASEBEAT_HOME", str(home))
    ran = run_cli("stalled")
    assert ran.code == 2
    assert "holds other files, and others may enter it" in ran.err
    assert [path.name for path in home.iterdir()] == ["someone's"]
    assert mode(home) == 0o755


@as_root
def test_root_opens_no_folder_above_and_its_server_is_still_another_user(above: Path) -> None:
    home = above / "closed" / "home"
    home.parent.mkdir(mode=0o700)
    postgres.start(home)
    try:
        assert [mode(each) for each in (above, home.parent, home, home / "postgres")] == [0o700] * 4
        assert Path(f"/proc/{postmaster(home)}").stat().st_uid != 0
        assert ask(home, "select 1") == 1
        assert postgres.stop(home)
        postgres.start(home)
        assert ask(home, "select 2") == 2
    finally:
        postgres.stop(home)


@as_root
def test_programs_that_the_databases_user_cannot_reach_are_copied_and_no_folder_is_opened(
    above: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    installed = postgres_programs.folder_for(above).parents[1]
    closed = shutil.copytree(installed, above / "closed" / installed.name, symlinks=True) / "pginstall"
    libraries = f"{installed.name}.libs"
    shutil.copytree(installed.with_name(libraries), above / "closed" / libraries)
    with tempfile.TemporaryDirectory(prefix="casebeat-tests-") as cache:
        Path(cache).chmod(0o755)
        monkeypatch.setattr(postgres_programs, "COPIES", Path(cache) / "casebeat")
        monkeypatch.setattr(postgres_programs, "folder_for", lambda _: closed / "bin")
        home = above / "home"
        for _ in range(2):
            postgres.start(home)
            assert ask(home, "select 1") == 1
            postgres.stop(home)
        (copy,) = (Path(cache) / "casebeat").iterdir()
        assert copy.stat().st_uid == 0
        assert mode(copy) == 0o755
    assert mode(above) == 0o700


@as_root
def test_a_folder_of_copies_that_another_may_write_is_refused(above: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(postgres_programs, "COPIES", above / "copies")
    (above / "copies").mkdir()
    (above / "copies").chmod(0o777)
    program = above / "bin" / "postgres"
    program.parent.mkdir()
    program.touch(mode=0o755)
    with pytest.raises(Refuse, match="install Casebeat in a folder that others may enter"):
        postgres_programs.within_reach(program, NOBODY, NOBODY)
    assert mode(above) == 0o700


def test_the_socket_lies_beside_the_files_of_the_database(above: Path) -> None:
    home = above / "home"
    postgres.start(home)
    try:
        assert (home / "postgres" / SOCKET).is_socket()
        assert postgres.url(home).endswith(f"?host={home}/postgres")
        postgres.prefect_url(home)
    finally:
        postgres.stop(home)
    assert (home / "postgres" / "PG_VERSION").exists()


def test_a_killed_servers_socket_is_no_hindrance(above: Path) -> None:
    home = above / "home"
    postgres.start(home)
    killed = postmaster(home)
    os.kill(killed, signal.SIGKILL)
    assert gone(killed)
    (home / "postgres" / f"{SOCKET}.lock").write_text(f"{os.getpid()}\n")  # its number is another process's by now
    shutil.chown(home / "postgres" / f"{SOCKET}.lock", (home / "postgres").stat().st_uid)
    postgres.start(home)
    assert ask(home, "select 1") == 1
    postgres.stop(home)


def test_a_server_that_an_older_release_left_running_is_taken_over(above: Path, monkeypatch) -> None:
    home = above / "home"
    with monkeypatch.context() as older:
        older.setattr("tasks.servers.postgres_place.LONGEST", 0)
        postgres.start(home)
        sockets = Place(home).sockets
        assert sockets != home / "postgres"
    postgres.start(home)
    assert ask(home, "select 1") == 1
    postgres.stop(home)
    sockets.rmdir()


@as_root
@pytest.mark.parametrize("how", ["a folder", "an open folder", "a link", "a file"])
def test_a_socket_folder_that_another_user_has_taken_is_refused(long_home: Path, how: str) -> None:
    sockets = Place(long_home).sockets

    def take() -> None:
        if how == "a link":
            sockets.symlink_to("/tmp")  # noqa: S108
        elif how == "a file":
            sockets.touch()
        else:
            sockets.mkdir(mode=0o777 if "open" in how else 0o700)

    as_nobody(take)
    try:
        for attempt in (postgres.start, postgres.stop):
            with pytest.raises(
                Refuse, match=r"somebody else made or opened it. Set CASEBEAT_HOME to a path of at most"
            ):
                attempt(long_home)
    finally:
        shutil.rmtree(sockets) if sockets.is_dir() and not sockets.is_symlink() else sockets.unlink()
    postgres.start(long_home)
    assert ask(long_home, "select 1") == 1


@as_root
def test_another_user_who_listens_in_place_of_a_killed_server_is_not_spoken_to(long_home: Path, run_cli) -> None:
    postgres.start(long_home)
    sockets, killed = Place(long_home).sockets, postmaster(long_home)
    os.kill(killed, signal.SIGKILL)
    assert gone(killed)
    shutil.rmtree(sockets)  # as a restart of the machine does
    heard = tempfile.NamedTemporaryFile(prefix="casebeat-tests-")  # noqa: SIM115
    Path(heard.name).chmod(0o666)

    def pose() -> None:
        import threading  # noqa: PLC0415

        sockets.mkdir(mode=0o755)
        listening = socket.socket(socket.AF_UNIX)
        listening.bind(str(sockets / SOCKET))
        (sockets / SOCKET).chmod(0o777)
        listening.listen()

        def serve() -> None:
            caller, _ = listening.accept()
            Path(heard.name).write_bytes(caller.recv(1) or b"called")

        threading.Thread(target=serve, daemon=True).start()

    as_nobody(pose)
    with pytest.raises(Refuse, match="somebody else made or opened it"):
        postgres.start(long_home)
    time.sleep(0.5)
    assert Path(heard.name).read_bytes() == b""
    heard.close()
