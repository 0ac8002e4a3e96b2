"""The programs of `casebeat serve`, as real processes: kept running, started again at longer intervals, ended."""

import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest

from models.errors import Refuse
from tasks.servers import serving
from tasks.servers.prefect_api import Api
from tasks.servers.serving import Program, Timed
from tests.faults.waiting import eventually

SLEEPS = ["timeit", "-n", "1", "-r", "1", "import time; time.sleep(60)"]
ENDS = ["json.tool", "--no-such-option"]


@pytest.fixture
def said() -> list[str]:
    return []


def a_program(home: Path, arguments, kind=Program, **more):
    return kind(home, "worker", arguments, {}, **more)


def ended(program) -> bool:
    return program.process is not None and program.process.poll() is not None


def test_a_program_that_is_killed_is_started_again_at_once(tmp_path, said):
    program = a_program(tmp_path, SLEEPS)
    first = program.start().pid
    os.kill(first, signal.SIGKILL)
    eventually(lambda: ended(program))
    program.tend(said.append)
    program.tend(said.append)
    assert program.process.pid != first
    assert program.process.poll() is None
    assert said == [
        f"The worker ended (killed by SIGKILL); it is started again at once. Its log: {tmp_path}/prefect/worker.log"
    ]
    program.end()


def test_one_that_goes_on_failing_is_started_less_often_and_each_end_is_reported(tmp_path, said):
    program, pauses = a_program(tmp_path, ENDS), []
    for _ in range(7):
        program.start()
        eventually(lambda: ended(program))
        program.tend(said.append)
        pauses.append(round(program.due - time.monotonic()))
    assert pauses == [0, 2, 10, 30, 60, 300, 300]
    assert said[-1].startswith("The worker ended (exit code 2) soon after its start, 7 times in a row; it is started ")
    program.tend(said.append)
    assert program.process is None, "not before it is due"


def test_one_that_ran_well_for_long_is_started_again_at_once_although_it_failed_before(tmp_path, said):
    program = a_program(tmp_path, ENDS, failures=5)
    program.start()
    program.begun -= 3600
    eventually(lambda: ended(program))
    program.tend(said.append)
    assert program.failures == 1
    assert "at once" in said[0]


def test_one_that_hangs_is_killed_after_two_minutes_without_an_answer_and_started_again(tmp_path, said):
    program = a_program(tmp_path, SLEEPS, answers=Api("http://127.0.0.1:9", patience=5).answers)
    first = program.start()
    program.tend(said.append)
    assert said == []
    program.asked -= 60
    program.heard -= 121
    program.tend(said.append)
    assert first.returncode == -signal.SIGKILL
    program.tend(said.append)
    program.tend(said.append)
    assert [line.partition(";")[0] for line in said] == [
        "The worker has not answered for 120 seconds, and was killed.", "The worker ended (killed by SIGKILL)"
    ]  # fmt: skip
    assert program.process.poll() is None
    program.end()


def test_a_timed_program_waits_for_its_interval_and_only_its_failure_is_reported(tmp_path, said):
    program = a_program(tmp_path, ENDS, Timed, every=300.0)
    program.tend(said.append)
    eventually(lambda: ended(program))
    program.tend(said.append)
    assert program.process is None
    assert len(said) == 1
    assert said[0].startswith("The worker failed (exit code 2); it is started again within 300 seconds.")
    program.due = 0.0
    program.well = frozenset({2})
    program.tend(said.append)
    eventually(lambda: ended(program))
    program.tend(said.append)
    assert len(said) == 1


def test_a_timed_program_that_takes_very_long_is_ended(tmp_path, said):
    program = a_program(tmp_path, SLEEPS, Timed, every=300.0)
    program.tend(said.append)
    program.tend(said.append)
    assert said == []
    program.begun -= 3601
    process = program.process
    program.tend(said.append)
    assert process.poll() == -signal.SIGTERM
    assert said == ["The worker took longer than 60 minutes, and was ended."]


def test_a_program_ends_with_the_process_that_started_it_however_that_ends(tmp_path):
    code = (
        "import sys, time\nfrom pathlib import Path\nfrom tasks.servers.serving import Program\n"
        "program = Program(Path(sys.argv[1]), 'worker', sys.argv[2:], {})\n"
        "print(program.start().pid, flush=True)\ntime.sleep(60)\n"
    )
    parent = subprocess.Popen([sys.executable, "-c", code, tmp_path, *SLEEPS], stdout=subprocess.PIPE, text=True)
    child = int(parent.stdout.readline())
    time.sleep(0.5)  # until it is itself
    parent.kill()
    parent.communicate()
    eventually(lambda: not Path(f"/proc/{child}").exists())


def test_a_long_log_goes_on_in_an_empty_one_while_its_writer_writes(tmp_path, monkeypatch):
    monkeypatch.setattr(serving, "LARGEST_LOG", 10)
    log = tmp_path / "server.log"
    with log.open("ab", buffering=0) as writer:
        writer.write(b"a first line\n")
        serving.cut_log(log)
        writer.write(b"more\n")
        serving.cut_log(log)
    assert (tmp_path / "server.log.1").read_text() == "a first line\n"
    assert log.read_text() == "more\n"


def test_only_one_serves_a_data_directory_and_its_end_makes_room(tmp_path):
    refused = pytest.raises(Refuse, match=f"already, as process {os.getpid()}: one is enough")
    with serving.only_one(tmp_path), refused, serving.only_one(tmp_path):
        pass
    with serving.only_one(tmp_path):
        pass


def test_postgresql_is_not_stopped_while_it_is_served(tmp_path, monkeypatch, run_cli):
    monkeypatch.setenv("CASEBEAT_HOME", str(tmp_path))
    with serving.only_one(tmp_path):
        ran = run_cli("stop")
        assert (ran.code, ran.out) == (2, "")
        assert f"end that, with Ctrl-C where it runs or kill {os.getpid()}, and PostgreSQL ends with it." in ran.err
    assert run_cli("stop").out == f"The embedded PostgreSQL under {tmp_path} was not running.\n"


def test_a_port_that_is_taken_is_named_and_one_that_becomes_free_is_waited_for(monkeypatch):
    with closing(socket.socket()) as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        monkeypatch.setattr(serving, "PORT_TIMEOUT", 0.3)
        with pytest.raises(Refuse, match=f"Port {port} of this machine is taken by another program: end that, or"):
            serving.refuse_taken(port, "CASEBEAT_SERVER__PORT")
    serving.refuse_taken(port, "CASEBEAT_SERVER__PORT")
