"""The work pool: made once, held while the installation ends, and left as operations switched it."""

import json
from types import SimpleNamespace

import pytest

from tasks.servers import work_pool
from tests.house.source import ROOT

TEMPLATE = json.loads((ROOT / work_pool.TEMPLATE).read_text("utf-8"))


class Server:
    """A server with one pool or none, and some runs under way each time that it is asked."""

    def __init__(self, pool=None, runs=()):
        self.pool, self.runs, self.changes = pool, list(runs), []

    def ask(self, method, path, body=None):
        if path == "flow_runs/count":
            return self.runs.pop(0)
        if method != "GET":
            self.changes.append((method, path, body))
        return self.pool


def a_pool(kind="process", template=TEMPLATE):
    return {"type": kind, "base_job_template": template}


def test_a_server_without_the_pool_gets_one_of_processes():
    server = Server()
    work_pool.make(server, ROOT)
    made = {"name": "casebeat", "type": "process", "base_job_template": TEMPLATE}
    assert server.changes == [("POST", "work_pools/", made)]


def test_only_a_pool_of_processes_with_another_template_gets_that_of_the_checkout():
    opened = Server(a_pool(template={}))
    work_pool.make(opened, ROOT)
    assert opened.changes == [("PATCH", "work_pools/casebeat", {"base_job_template": TEMPLATE})]
    for pool in (a_pool(), a_pool("docker", {}), a_pool("docker")):
        server = Server(pool)
        work_pool.make(server, ROOT)
        assert server.changes == []


@pytest.fixture
def home(tmp_path):
    (tmp_path / "prefect").mkdir()
    return tmp_path


def test_a_pool_that_is_held_is_released_once(home):
    server = Server({"is_paused": False})
    work_pool.hold(server, home)
    work_pool.release(server, home)
    work_pool.release(server, home)
    assert [body["is_paused"] for _, _, body in server.changes] == [True, False]


def test_a_pool_that_operations_paused_stays_paused(home):
    server = Server({"is_paused": True})
    work_pool.hold(server, home)
    work_pool.release(server, home)
    assert server.changes == []


@pytest.fixture
def clock(monkeypatch):
    now = [0.0]
    monkeypatch.setattr(
        work_pool, "time", SimpleNamespace(monotonic=lambda: now[0], sleep=lambda s: now.append(now.pop() + s))
    )
    return now


def test_runs_in_progress_are_waited_for_until_the_last_has_ended(clock):
    server = Server(runs=[2, 1, 0, 9])
    work_pool.wait_for_runs(server)
    assert (server.runs, clock[0]) == ([9], 1)


def test_runs_that_do_not_end_are_waited_for_two_minutes(clock):
    work_pool.wait_for_runs(Server(runs=[1] * 1000))
    assert clock[0] == 120
