"""What a `serve` holds: the lock of its data directory, its port, and the logs of its programs."""

import os
from pathlib import Path
from types import SimpleNamespace

import pytest

from models.errors import Refuse
from tasks.servers import serving


@pytest.fixture
def home(tmp_path):
    tmp_path.chmod(0o700)
    return tmp_path


def test_the_lock_names_its_holder_and_nothing_of_the_one_before(home):
    (home / "serve.lock").write_text("a longer text than any process has")
    with serving.only_one(home):
        assert (home / "serve.lock").read_text() == str(os.getpid())
        with pytest.raises(Refuse, match=f"as process {os.getpid()}: end that"):
            serving.refuse_served(home)


def test_a_leftover_lock_or_none_hinders_nobody(home):
    serving.refuse_served(home)
    (home / "serve.lock").write_text("4711")
    serving.refuse_served(home)
    with serving.only_one(home):
        pass


def test_a_holder_that_has_not_written_its_number_yet_is_refused_all_the_same(home):
    with serving.only_one(home):
        (home / "serve.lock").write_text("")
        with pytest.raises(Refuse, match=r"as process \?: end that"):
            serving.refuse_served(home)


def test_a_data_directory_that_cannot_be_made_is_refused_in_a_sentence(home):
    (home / "file").write_text("")
    refused = pytest.raises(Refuse, match=r"cannot be used \(Not a directory\); set CASEBEAT_HOME to a folder of yours")
    with refused, serving.only_one(home / "file" / "home"):
        pass


def test_a_log_that_is_not_there_is_left_alone(home):
    serving.cut_log(Path(home / "no.log"))
    assert list(home.iterdir()) == []


@pytest.mark.parametrize(("size", "left"), [(10_000_000, 10_000_000), (10_000_001, 0)])
def test_a_log_has_ten_million_bytes_at_most(home, size, left):
    log = home / "server.log"
    log.touch()
    os.truncate(log, size)
    serving.cut_log(log)
    assert log.stat().st_size == left
    assert (home / "server.log.1").exists() is (left == 0)


@pytest.fixture
def clock(monkeypatch):
    made = SimpleNamespace(now=1000.0)

    def sleep(seconds):
        made.now += seconds

    monkeypatch.setattr(serving, "time", SimpleNamespace(monotonic=lambda: made.now, sleep=sleep))
    return made


@pytest.mark.parametrize(("free_after", "taken"), [(0, False), (9.5, False), (11, True)])
def test_a_port_is_waited_for_ten_seconds(clock, monkeypatch, free_after, taken):
    monkeypatch.setattr(serving, "is_free", lambda _: clock.now >= 1000 + free_after)
    if taken:
        with pytest.raises(Refuse, match="Port 4200 of this machine is taken"):
            serving.refuse_taken(4200, "CASEBEAT_SERVER__PORT")
    else:
        serving.refuse_taken(4200, "CASEBEAT_SERVER__PORT")
    assert clock.now < 1010.5


def test_a_port_is_asked_for_without_haste(clock, monkeypatch):
    asked = []
    monkeypatch.setattr(serving, "is_free", lambda _: len(asked) == 5 or asked.append(clock.now))
    serving.refuse_taken(4200, "CASEBEAT_SERVER__PORT")
    assert [round(one - 1000, 1) for one in asked] == [0, 0.2, 0.4, 0.6, 0.8]
