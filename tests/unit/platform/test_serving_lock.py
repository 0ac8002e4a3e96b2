"""The lock of a data directory that is served: whose it is, and what a leftover of it means."""

import os
from pathlib import Path

import pytest

from models.errors import Refuse
from tasks.platform import serving


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
