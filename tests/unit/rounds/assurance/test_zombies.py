"""A run without a process is ended, unless it has gone on since it was looked at, or may live on another machine."""

import os
import subprocess
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest

from tasks.rounds.assurance.zombies import SILENT, UNBEGUN, end_zombies, worker_name

NOW = datetime(2026, 3, 17, 9, tzinfo=UTC)
SECOND = timedelta(seconds=1)
BEAT = {"events": [{}]}


def run(state_type="RUNNING", silence=SILENT, deployment="d", ref="no-such-run"):
    """A run as Prefect lists it, whose state is as old as `silence`."""
    state = {"id": "s1", "timestamp": (NOW - silence).isoformat()}
    return {"id": ref, "deployment_id": deployment, "state_type": state_type, "state": state}


class Server:
    """A server with one run, in the state `later` by the time it is read again; `workers` are those of its pool."""

    def __init__(self, one, later="s1", workers=None, events=()):
        self.one, self.later, self.workers, self.events = one, later, workers, {"events": list(events)}
        self.set, self.asked = [], {}

    def ask(self, method, path, body=None):
        self.asked[path] = body
        if path.endswith("set_state"):
            return self.set.append((path, body["state"]["type"], body["state"]["name"], body["force"]))
        if method == "GET":
            return self.later and {**self.one, "state": {"id": self.later}}
        return {
            "flow_runs/filter": [self.one] if self.one else [],
            "work_pools/casebeat/workers/filter": self.workers and [{"name": name} for name in self.workers],
            "events/filter": self.events,
        }[path]


def ended(one, **given):
    """The kinds of the states in which one run is ended."""
    before_worker = given.pop("before_worker", False)
    server = Server(one, **given)
    assert end_zombies(server, NOW, before_worker=before_worker) == len(server.set)
    return [kind for _, kind, _, _ in server.set]


def test_a_silent_run_is_ended_by_force_and_its_state_tells_why():
    server = Server(run())
    assert end_zombies(server, NOW) == 1
    assert server.set == [("flow_runs/no-such-run/set_state", "CRASHED", "Crashed", True)]
    assert server.asked["flow_runs/no-such-run/set_state"]["state"]["message"] == "The process of this run is gone."


def test_a_server_without_runs_is_asked_nothing_more():
    server = Server(None)
    assert end_zombies(server, NOW) == 0
    assert list(server.asked) == ["flow_runs/filter"]


@pytest.mark.parametrize("later", ["s2", None])
def test_a_run_that_has_just_ended_by_itself_or_is_gone_is_left_alone(later):
    assert ended(run(), later=later) == []


def test_silence_counts_from_five_minutes_on_and_a_heartbeat_breaks_it():
    assert ended(run(silence=SILENT - SECOND)) == []
    assert ended(run(silence=SILENT)) == ["CRASHED"]
    assert ended(run(), events=BEAT) == []


def test_a_heartbeat_is_looked_for_as_long_as_a_run_may_be_silent_and_a_clock_that_is_ahead():
    server = Server(run())
    end_zombies(server, NOW)
    asked = server.asked["events/filter"]["filter"]
    assert asked["occurred"] == {"since": (NOW - SILENT).isoformat(), "until": (NOW + SILENT).isoformat()}
    assert asked["resource"] == {"id": ["prefect.flow-run.no-such-run"]}


def test_where_every_worker_is_of_this_machine_a_run_without_a_process_is_dead_at_once():
    fresh, mine = run(silence=SECOND), [worker_name()]
    assert ended(fresh, workers=mine) == ["CRASHED"]
    assert ended(fresh) == []
    assert ended(fresh, workers=["another"]) == []
    assert ended(fresh, workers=[*mine, "another"]) == []


def test_a_pending_run_is_dead_at_once_only_before_a_worker_starts():
    pending, mine = run("PENDING", silence=SECOND), [worker_name()]
    assert ended(pending, workers=mine) == []
    assert ended(pending, workers=mine, before_worker=True) == ["CRASHED"]
    assert ended(pending, workers=["another"], before_worker=True) == []


def test_a_run_that_a_worker_took_and_never_began_keeps_its_slot_no_longer_than_a_start_takes():
    mine = [worker_name()]
    assert ended(run("PENDING", silence=UNBEGUN + SECOND), workers=mine) == ["CRASHED"]
    assert ended(run("PENDING", silence=UNBEGUN), workers=mine) == []
    assert ended(run("PENDING", silence=UNBEGUN + SECOND), workers=[*mine, "another"]) == []


def test_a_run_of_a_command_is_never_dead_at_once():
    by_hand = run(silence=SECOND, deployment=None)
    assert ended(by_hand, workers=[worker_name()], before_worker=True) == []


def test_a_run_that_was_to_be_cancelled_ends_as_cancelled():
    server = Server(run("CANCELLING"))
    end_zombies(server, NOW)
    assert server.set == [("flow_runs/no-such-run/set_state", "CANCELLED", "Cancelled", True)]


def test_a_start_takes_a_hundred_seconds_at_most():
    mine = [worker_name()]
    assert ended(run("PENDING", silence=101 * SECOND), workers=mine) == ["CRASHED"]
    assert ended(run("PENDING", silence=100 * SECOND), workers=mine) == []


class Process:
    """A process of another user: its command may be read, and its environment may not."""

    def __init__(self, command):
        self.command = command

    def __truediv__(self, name):
        return SimpleNamespace(read_bytes=lambda: self.read(name))

    def read(self, name):
        if name == "environ":
            raise PermissionError
        return self.command


@pytest.mark.parametrize(
    ("commands", "dead"),
    [
        ([b"bash"], True), ([b"python\0-m\0prefect\0"], False), ([b"prefect", b"bash"], False),
        ([b"bash", b"prefect"], False), ([], True),
    ],
)  # fmt: skip
def test_a_run_may_live_in_a_process_of_prefects_that_nobody_here_may_look_at(monkeypatch, commands, dead):
    monkeypatch.setattr("pathlib.Path.glob", lambda *_: map(Process, commands))
    assert ended(run(silence=SECOND), workers=[worker_name()]) == ["CRASHED"] * dead


@contextmanager
def process_of(ref):
    """A process that Prefect would have started for a run."""
    with subprocess.Popen(["sleep", "60"], env={**os.environ, "PREFECT__FLOW_RUN_ID": ref}) as living:
        try:
            while ref.encode() not in Path(f"/proc/{living.pid}/environ").read_bytes():
                assert living.poll() is None  # the kernel shows it a moment after the process has begun
            yield
        finally:
            living.kill()


def test_a_run_with_a_process_here_is_left_alone_however_silent():
    with process_of("a-living-run"):
        assert ended(run(ref="a-living-run"), workers=[worker_name()]) == []
    assert ended(run(ref="a-living-run"), workers=[worker_name()]) == ["CRASHED"]
