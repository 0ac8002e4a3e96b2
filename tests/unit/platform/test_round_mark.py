"""A round that was begun here is known to have died by what its process left behind."""

import os
import signal

import pytest

from tasks.servers import round_mark
from tests.worlds.days import day

TODAY, BEFORE = day("Wed 18 Mar 2026"), day("Tue 17 Mar 2026")


def test_a_round_that_goes_on_or_has_ended_has_not_died(tmp_path):
    with round_mark.begun(tmp_path, TODAY):
        assert not round_mark.died(tmp_path, TODAY)
        with round_mark.begun(tmp_path, TODAY):
            pass
        assert (tmp_path / round_mark.FILE).exists(), "the other has taken nothing of it away"
    with pytest.raises(ValueError, match="x"), round_mark.begun(tmp_path, TODAY):
        raise ValueError("x")
    assert not round_mark.died(tmp_path, TODAY)


def test_one_that_was_killed_has_died_on_its_day(tmp_path):
    child = os.fork()
    if not child:
        with round_mark.begun(tmp_path, TODAY):
            os.kill(os.getpid(), signal.SIGKILL)
    os.waitpid(child, 0)
    assert [round_mark.died(tmp_path, on) for on in (TODAY, BEFORE)] == [True, False]
    with round_mark.begun(tmp_path, TODAY):
        assert not round_mark.died(tmp_path, TODAY)
