"""A fault that nobody foresaw has a number, and its frames are in a private log that holds no value."""

import multiprocessing
import re
import stat

import pytest

from models.errors import Refuse
from tasks.platform import diagnosis

SECRET = "Secret Words of hers"


@pytest.fixture
def log(tmp_path, monkeypatch):
    monkeypatch.setenv("CASEBEAT_HOME", str(tmp_path / "home"))
    return tmp_path / "home" / diagnosis.LOG


def fault(text=SECRET, deeper=True):
    try:
        try:
            int(text)
        except ValueError as error:
            raise KeyError(text) from error if deeper else None
    except KeyError as error:
        return error


def test_a_fault_has_a_number_and_its_frames_are_in_the_log_without_a_value(log):
    said = diagnosis.reason(fault())
    assert re.fullmatch(r"KeyError, fault [0-9a-f]{8}", said)
    written = log.read_text("utf-8")
    assert re.match(r"20\d\d-\d\d-\d\d \d\d:\d\d:\d\dZ fault " + said[-8:], written)
    assert "  KeyError\n    test_diagnosis.py line " in written
    assert "  ValueError\n" in written
    assert "in fault" in written
    assert SECRET not in written
    assert stat.S_IMODE(log.stat().st_mode) == 0o600


def test_the_same_fault_has_the_same_number_and_is_written_once(log):
    assert len({diagnosis.reason(fault(text)) for text in ("a", "b", "c")}) == 1
    assert log.read_text("utf-8").count("fault ") == 1


def test_what_was_foreseen_has_no_number(log):
    assert diagnosis.reason(Refuse("The drop folder is not there.")) == "The drop folder is not there."
    assert not log.exists()


def test_where_the_log_cannot_be_written_there_is_no_number(log):
    log.mkdir(parents=True)
    assert diagnosis.reason(fault()) == "KeyError"


def test_a_full_log_is_followed_by_another_which_is_private_too(log, monkeypatch):
    monkeypatch.setattr(diagnosis, "LARGEST", 400)
    for number in range(8):
        with pytest.raises(ZeroDivisionError) as raised:
            exec(compile("\n" * number + "1 / 0", "a.py", "exec"))  # noqa: S102  a fault on a line of its own
        diagnosis.reason(raised.value)
    kept = sorted(log.parent.glob("faults.log*"))
    assert len(kept) == 4
    assert {stat.S_IMODE(each.stat().st_mode) for each in kept} == {0o600}


def write_many(home, number):
    for line in range(40):
        try:
            exec(compile("\n" * (number * 100 + line) + "1 / 0", "a.py", "exec"))  # noqa: S102
        except ZeroDivisionError as error:
            diagnosis.reason(error)


def test_several_processes_lose_nothing_of_each_other(log, monkeypatch):
    monkeypatch.setattr(diagnosis, "LARGEST", 6_000)
    monkeypatch.setattr(diagnosis, "KEPT", 20)
    context = multiprocessing.get_context("fork")
    all_of_them = [context.Process(target=write_many, args=(log.parent, number)) for number in range(4)]
    for each in all_of_them:
        each.start()
    for each in all_of_them:
        each.join(60)
    written = "".join(each.read_text("utf-8") for each in log.parent.glob("faults.log*"))
    numbers = re.findall(r"Z fault ([0-9a-f]{8})$", written, re.MULTILINE)
    assert len(numbers) == len(set(numbers)) == 160
