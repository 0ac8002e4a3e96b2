"""The child that reads what strangers send: what it has, and that whatever it does ends it and nothing else."""

import json
import os
import tempfile
import time
from pathlib import Path

import pytest

from tasks.platform import confined
from tasks.platform.confined import AnsweringChild, ChildLimits, Ended

LIMITS = ChildLimits(memory=512 << 20, seconds=1, patience=5, written=1 << 20)
GREEDY = "tests.support.greedy"


def run(what, limits=LIMITS):
    with Path(os.devnull).open("rb") as nothing, tempfile.TemporaryFile() as written:
        code = confined.run(GREEDY, [what], nothing.fileno(), written.fileno(), limits)
        written.seek(0)
        return code, written.read()


@pytest.mark.parametrize("what", ["time", "wait", "abort"])
def test_a_child_that_takes_too_long_or_dies_is_ended(what):
    began = time.monotonic()
    with pytest.raises(Ended):
        run(what, LIMITS._replace(patience=2))
    assert time.monotonic() - began < 10


def test_a_child_that_takes_too_much_memory_or_disk_fails():
    assert run("memory")[0] != 0
    code, written = run("write")
    assert (code != 0, len(written) <= LIMITS.written) == (True, True)


def test_a_child_has_no_variable_no_file_of_its_parent_and_none_of_its_libraries(monkeypatch):
    monkeypatch.setenv("CASEBEAT_SIGNING_SECRET", "x" * 40)
    with tempfile.TemporaryFile() as open_here:
        os.set_inheritable(open_here.fileno(), True)
        code, written = run("has")
    variables, files, modules, parent = json.loads(written)
    assert (code, [name for name in variables if name != "LC_CTYPE"], modules, parent) == (0, [], [], os.getpid())
    assert set(files) <= {0, 1, 2, 3}, "3 is the folder that it lists"


def test_one_answers_question_after_question_and_is_begun_again_after_one_that_ended_it():
    with AnsweringChild(GREEDY, LIMITS) as child:
        first = child.ask("")
        assert child.ask("") == first
        for what in ("abort", "memory", "wait"):
            with pytest.raises(Ended):
                child.ask(what)
        assert child.ask("") != first
    with pytest.raises(ProcessLookupError):
        os.kill(first, 0)


def test_one_that_used_its_time_up_for_others_is_begun_again_without_a_word():
    with AnsweringChild(GREEDY, LIMITS) as child:
        first = child.ask("")
        os.kill(first, 9)
        assert child.ask("") != first


def test_a_question_that_ends_a_child_that_answered_no_other_is_not_asked_again():
    began = time.monotonic()
    with AnsweringChild(GREEDY, LIMITS._replace(patience=2)) as child, pytest.raises(Ended):
        child.ask("wait")
    assert time.monotonic() - began < 4, "it waited twice"
