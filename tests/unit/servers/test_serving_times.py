"""When the programs of `casebeat serve` are started, asked and ended, by a clock that only the tests move."""

from pathlib import Path

import pytest

from models.errors import Refuse
from tasks.servers import child, postgres, serving
from tasks.servers.serving import Embedded, Program, Timed

DISK_FULL = OSError(28, "No space left on device")


class Clock:
    """The monotonic clock, which sleeping moves on."""

    def __init__(self) -> None:
        self.now = 1000.0

    def monotonic(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds


class Process:
    """A process that runs until a test ends it."""

    def __init__(self) -> None:
        self.returncode: int | None = None

    def poll(self) -> int | None:
        return self.returncode

    def kill(self) -> None:
        self.returncode = -9

    def wait(self) -> int | None:
        return self.returncode


@pytest.fixture
def clock(monkeypatch):
    made = Clock()
    monkeypatch.setattr(serving, "time", made)
    return made


@pytest.fixture
def started(monkeypatch):
    """The processes that were started, one after the other."""
    made = []

    def start(*_, **__):
        made.append(Process())
        return made[-1]

    monkeypatch.setattr(child, "start", start)
    monkeypatch.setattr(child, "end", lambda process: process.kill())
    return made


@pytest.fixture
def said():
    return []


def a_program(kind=Program, **more):
    return kind(Path("/no/such/folder"), "worker", [], {}, **more)


def test_a_program_that_cannot_be_started_is_tried_again_after_a_minute_and_not_before(clock, said, monkeypatch):
    tries = []

    def full(*_, **__):
        tries.append(clock.now)
        raise DISK_FULL

    monkeypatch.setattr(child, "start", full)
    program = a_program()
    for seconds in (0, 59, 1, 1):
        clock.now += seconds
        program.tend(said.append)
    assert tries == [1000, 1060]
    assert said[0] == (
        "The worker cannot be started (No space left on device); it is tried again in 60 seconds."
    )  # fmt: skip


@pytest.mark.parametrize(("ran", "pause"), [(0, 10), (59, 10), (60, 0), (61, 0)])
def test_only_an_end_within_a_minute_of_its_start_counts_with_those_before(clock, started, said, ran, pause):
    program = a_program(failures=2)
    program.start()
    clock.now += ran
    started[0].returncode = 3
    program.tend(said.append)
    assert program.due == clock.now + pause
    assert ("3 times in a row" in said[0], "in a row" in said[0]) == ((True, True) if pause else (False, False))
    assert f"started again {f'in {pause} seconds' if pause else 'at once'}. Its log: /no/such" in said[0]


def test_ends_are_counted_from_the_second_on_and_the_pauses_grow_to_five_minutes(clock, started, said):
    program, pauses = a_program(), []
    for _ in range(7):
        program.start().returncode = -9
        program.tend(said.append)
        pauses.append(program.due - clock.now)
    assert pauses == [0, 2, 10, 30, 60, 300, 300]
    assert ["in a row" in line for line in said[:2]] == [False, True]
    assert said[1].startswith("The worker ended (killed by SIGKILL) soon after its start, 2 times in a row; it is")


def test_a_program_that_does_not_run_is_ended_without_ado(started):
    a_program().end()
    assert started == []


def test_a_program_is_started_again_when_it_is_due(clock, started, said):
    program = a_program(failures=1)
    program.start()
    started[0].returncode = 3
    for seconds in (0, 1.5, 0.5):
        clock.now += seconds
        program.tend(said.append)
    assert (len(started), program.begun) == (2, 1002)


def test_what_is_to_be_done_before_a_program_is_done_at_each_start(clock, started, said):
    done = []
    program = a_program(before=lambda: done.append(len(started)))
    program.tend(said.append)
    started[0].returncode = 0
    program.tend(said.append)
    program.tend(said.append)
    assert done == [0, 1]


def test_a_program_is_asked_every_ten_seconds_and_killed_after_two_minutes_of_silence(clock, started, said):
    asked, answers = [], [True]

    def ask():
        asked.append(clock.now - 1000)
        return answers[0]

    program = a_program(answers=ask)
    program.start()
    for seconds in (0, 10, 1, 10):
        clock.now += seconds
        program.tend(said.append)
    assert asked == [0, 11]
    assert program.heard == 1011
    answers[0] = False
    clock.now = 1011 + 120
    program.tend(said.append)
    assert started[0].returncode is None
    clock.now += 11
    program.tend(said.append)
    assert (asked, started[0].returncode) == ([0, 11, 131, 142], -9)


def test_a_program_that_nobody_asks_is_never_silent(clock, started, said):
    program = a_program()
    program.start()
    clock.now += 10_000
    program.tend(said.append)
    assert (started[0].returncode, said) == (None, [])


def test_a_timed_program_is_started_at_each_interval(clock, started, said):
    program = a_program(Timed, every=300.0)
    program.tend(said.append)
    started[0].returncode = 0
    for seconds in (1, 298, 1):
        clock.now += seconds
        program.tend(said.append)
    assert (len(started), said) == (2, [])


@pytest.mark.parametrize(("code", "told"), [(0, False), (1, False), (2, True), (-9, True)])
def test_the_end_of_a_timed_program_is_told_if_it_failed(clock, started, said, code, told):
    program = a_program(Timed)
    program.tend(said.append)
    started[0].returncode = code
    program.tend(said.append)
    assert program.process is None
    assert bool(said) is told


def test_a_timed_program_is_ended_after_an_hour_and_started_again_at_once(clock, started, said):
    program = a_program(Timed, every=300.0)
    program.tend(said.append)
    clock.now += 3600
    program.tend(said.append)
    assert (len(started), said) == (1, [])
    clock.now += 1
    program.tend(said.append)
    assert started[0].returncode is not None
    assert (len(started), said) == (2, ["The worker took longer than 60 minutes, and was ended."])


def test_a_timed_program_that_ended_long_ago_did_not_take_long(clock, started, said):
    program = a_program(Timed, every=7200.0)
    program.tend(said.append)
    started[0].returncode = 0
    clock.now += 3601
    program.tend(said.append)
    clock.now += 10
    program.tend(said.append)
    assert (len(started), said) == (1, [])


@pytest.mark.parametrize("kind", [Program, Timed])
def test_the_log_of_each_program_is_cut_when_it_has_grown(clock, started, said, kind, tmp_path, monkeypatch):
    monkeypatch.setattr(serving, "LARGEST_LOG", 4)
    program = a_program(kind)
    program.home = tmp_path
    log = child.log_of(tmp_path, "worker")
    log.parent.mkdir()
    log.write_bytes(b"1234")
    program.tend(said.append)
    assert log.read_bytes() == b"1234"
    log.write_bytes(b"12345")
    program.tend(said.append)
    assert log.read_bytes() == b""


def test_a_database_that_cannot_be_started_is_tried_again_after_a_minute(clock, said, monkeypatch):
    tries = []

    def start(_):
        tries.append(clock.now)
        if len(tries) == 2:
            raise Refuse("It did not start.")
        return len(tries) > 2

    monkeypatch.setattr(postgres, "start", start)
    database = Embedded(Path("/no/such/folder"))
    for seconds in (0, 1, 59, 1):
        clock.now += seconds
        database.tend(said.append)
    assert tries == [1000, 1001, 1061]
    assert said == ["It did not start. It is tried again in 60 seconds.", "PostgreSQL had ended; it was started again."]
