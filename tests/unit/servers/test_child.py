"""A child process: its environment, its log, and the data directory that it writes in."""

import os
import signal
import stat
import subprocess
import sys
import time
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path

import pytest

from tasks.servers import child

ROOT = Path(__file__).parents[3]


def wait_for_end_of(process):
    until = time.monotonic() + 30
    while Path(f"/proc/{process}").exists():
        assert time.monotonic() < until
        time.sleep(0.02)


def test_a_child_has_the_callers_environment_without_its_prefect_settings(monkeypatch):
    monkeypatch.setenv("PREFECT_API_URL", "http://elsewhere.invalid/api")
    monkeypatch.setenv("OF_THE_CALLER", "kept")
    made = child.full_environment({"PREFECT_HOME": "/home", "MORE": "1"})
    assert "PREFECT_API_URL" not in made
    assert (made["OF_THE_CALLER"], made["PREFECT_HOME"], made["MORE"]) == ("kept", "/home", "1")


def test_a_child_writes_to_its_log_in_a_data_directory_for_its_user_alone(tmp_path):
    home = tmp_path / "home"
    tmp_path.chmod(0o755)
    with child.running(home, "worker", ["this"], {}) as process:
        assert process.wait(30) == 0
    assert "Beautiful is better than ugly." in child.log_of(home, "worker").read_text()
    assert stat.S_IMODE(home.stat().st_mode) == 0o700
    assert stat.S_IMODE(tmp_path.stat().st_mode) == 0o755


def test_a_child_does_not_outlive_a_caller_that_is_killed_and_holds_none_of_its_pipes(tmp_path):
    listens = ["http.server", "--bind", "127.0.0.1", "0"]
    program = f"""import os, signal
from pathlib import Path
from tasks.servers import child
with child.running(Path({str(tmp_path)!r}), "server", {listens}, {{}}) as process:
    print(process.pid, flush=True)
    os.kill(os.getpid(), signal.SIGKILL)
"""
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, timeout=120, check=False)
    assert done.returncode == -signal.SIGKILL, done.stderr
    wait_for_end_of(int(done.stdout))


def test_a_process_beside_does_one_call_after_the_other_and_its_failure_is_raised_here():
    with child.beside() as beside:
        one, two = beside.submit(os.getpid), beside.submit(os.getpid)
        assert one.result() == two.result() != os.getpid()
        failing = beside.submit(int, "x")
        while not failing.done():
            child.raise_failure(beside.submit(time.sleep, 0))
        with pytest.raises(ValueError, match="invalid literal"):
            child.raise_failure(failing)
        ended = beside.submit(os.kill, one.result(), signal.SIGKILL)
        with pytest.raises(BrokenProcessPool):
            ended.result(30)


def test_a_process_beside_ends_with_the_one_that_began_it(tmp_path):
    program, number = tmp_path / "program.py", tmp_path / "number"
    program.write_text(
        f"""\
import os, time
from pathlib import Path
from tasks.servers import child
if __name__ == "__main__":
    with child.beside() as beside:
        Path({str(number)!r}).write_text(str(beside.submit(os.getpid).result()))
        beside.submit(time.sleep, 600).result()
""",
        encoding="utf-8",
    )
    begun = subprocess.Popen([sys.executable, program], env={**os.environ, "PYTHONPATH": str(Path.cwd())})
    while not (number.exists() and number.read_text()):
        assert begun.poll() is None
        time.sleep(0.02)
    begun.kill()
    begun.wait()
    wait_for_end_of(int(number.read_text()))


def test_a_program_without_a_log_of_its_own_writes_to_the_output_of_its_caller(tmp_path, capfd):
    process = child.start(tmp_path, "worker", ["platform"], {}, to_file=False)
    assert process.wait(30) == 0
    assert capfd.readouterr().out
    assert not child.log_of(tmp_path, "worker").exists()
