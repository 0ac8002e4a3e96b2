"""Where a data directory's server has its socket, whether it answers there, and whether the place is its own."""

import os
import socket
import stat
import tempfile
from contextlib import closing
from pathlib import Path

import pytest

from models.errors import Refuse
from tasks.servers import postgres_place
from tasks.servers.postgres_place import SOCKET, Place


def a_place(folder, name="home", token="t"):  # noqa: S107  a random text of the cluster, and no password
    place = Place(folder / name)
    place.data.mkdir(parents=True, mode=0o700)
    (place.data / "casebeat.token").write_text(token)
    return place


@pytest.fixture
def short():
    """A folder with a short and plain path."""
    with tempfile.TemporaryDirectory(prefix="cb") as made:
        yield Path(made)


@pytest.fixture
def elsewhere(short, monkeypatch):
    """A place whose socket needs a folder of its own."""
    (short / "tmp").mkdir()
    monkeypatch.setattr(postgres_place, "SHORT", short / "tmp")
    return a_place(short, "a home")


@pytest.mark.parametrize(("length", "beside"), [(93, True), (94, False)])
def test_a_socket_lies_beside_the_files_as_long_as_a_path_may_be(short, length, beside):
    name = "x" * (length - len(str(short)) - len("//postgres"))
    place = a_place(short, name)
    assert len(str(place.data)) == length
    assert (place.sockets == place.data) is beside
    assert place.listens_in == ("/proc/self/cwd" if beside else str(place.sockets))


def test_each_cluster_with_a_special_path_has_a_folder_of_its_own(elsewhere, short):
    assert elsewhere.sockets.parent == short / "tmp"
    assert elsewhere.sockets == Place(elsewhere.home).sockets
    others = [a_place(short, "b home"), a_place(short, "c home", "u")]
    assert len({one.sockets for one in (elsewhere, *others)}) == 3
    (elsewhere.data / "casebeat.token").write_text("another")
    assert elsewhere.sockets.name.removeprefix("casebeat-").isalnum()


def listening(place):
    made = socket.socket(socket.AF_UNIX)
    made.bind(str(place.sockets / SOCKET))
    made.listen()
    return closing(made)


def pid_file(place, ready="ready", where="/proc/self/cwd", lines=8):
    kept = ["1", str(place.data), "0", "5432", where, "localhost", "1 2", f"{ready}   "][:lines]
    (place.data / "postmaster.pid").write_text("\n".join(kept))


def test_a_server_answers_once_it_listens_and_is_ready(short):
    place = a_place(short)
    pid_file(place)
    assert not place.answers(), "nobody listens"
    with listening(place):
        assert place.answers()
        for how in ({"ready": "starting"}, {"lines": 7}, {"lines": 1}):
            pid_file(place, **how)
            assert not place.answers()
        (place.data / "postmaster.pid").unlink()
        assert not place.answers()


@pytest.mark.parametrize(("where", "other"), [("/proc/self/cwd", False), ("/tmp/casebeat-1", True)])  # noqa: S108
def test_a_server_of_an_earlier_release_listens_elsewhere(short, where, other):
    place = a_place(short)
    assert not place.listens_elsewhere(), "none runs"
    pid_file(place, where=where)
    assert place.listens_elsewhere() is other


def test_a_folder_for_the_socket_is_made_for_the_databases_user_alone(elsewhere):
    elsewhere.make_sockets()
    elsewhere.make_sockets()
    found = elsewhere.sockets.stat()
    assert (stat.S_IMODE(found.st_mode), found.st_uid) == (0o700, elsewhere.data.stat().st_uid)
    with listening(elsewhere):
        pid_file(elsewhere)
        assert elsewhere.answers()


def test_beside_the_files_no_folder_is_made(short):
    place = a_place(short)
    place.data.chmod(0o750)
    place.make_sockets()
    assert not place.answers(), "whoever may read the files is no concern of the socket's"
    assert [path.name for path in place.data.iterdir()] == ["casebeat.token"]


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can play two users")
def test_root_makes_it_for_the_databases_user(elsewhere):
    os.chown(elsewhere.data, 65534, 65533)
    elsewhere.make_sockets()
    found = elsewhere.sockets.stat()
    assert (found.st_uid, found.st_gid) == (65534, 65533)


def test_another_user_than_root_gives_it_to_nobody(elsewhere, monkeypatch):
    monkeypatch.setattr(os, "geteuid", lambda: 4711)
    monkeypatch.setattr(os, "chown", lambda *_: pytest.fail("it may not do that"))
    elsewhere.make_sockets()


@pytest.mark.parametrize("how", ["link", "file", "group", "others"])
def test_a_place_that_another_has_made_or_opened_is_refused_and_not_spoken_to(elsewhere, how):
    where = elsewhere.sockets
    if how == "link":
        where.symlink_to(elsewhere.data)
    elif how == "file":
        where.touch(0o600)
    else:
        where.mkdir()
        where.chmod(0o710 if how == "group" else 0o701)
    for attempt in (elsewhere.check_sockets, elsewhere.make_sockets, elsewhere.answers):
        with pytest.raises(
            Refuse, match=r"somebody else made or opened it\. Set CASEBEAT_HOME to a path of at most 84 "
        ):
            attempt()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can play two users")
def test_a_private_folder_of_another_user_is_refused(elsewhere):
    elsewhere.sockets.mkdir(mode=0o700)
    os.chown(elsewhere.sockets, 65534, 65534)
    with pytest.raises(Refuse, match="somebody else made or opened it"):
        elsewhere.check_sockets()


def test_a_folder_that_is_not_there_yet_is_nobodys(elsewhere):
    elsewhere.check_sockets()
    assert not elsewhere.answers()
