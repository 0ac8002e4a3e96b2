"""What a Prefect server's answers mean: a paused round, a missing deployment, a worker that is gone, late runs."""

from datetime import UTC, datetime, timedelta
from http.client import HTTPMessage
from urllib.error import HTTPError

import pytest

from config.settings import settings
from flows.configured import configured
from models.rules.rounds.beginning_again import BeginAgain
from tasks.rounds.assurance import prefect_state
from tasks.rounds.assurance.prefect_state import begin_round, look

NOW = datetime(2026, 3, 17, 9, tzinfo=UTC)
ON = {"paused": False, "schedules": [{"active": False}, {"active": True}], "work_pool_name": "casebeat"}


def deployment(name, **changed):
    return {"id": f"id of {name}", "name": name, **ON, **changed}


BOTH = [deployment("daily-round"), deployment("delivery")]


class Server:
    """A server that answers as it is set up; `raises` is what any question ends in."""

    def __init__(self, pool=None, workers=("ONLINE",), deployments=BOTH, waits=0, late=0, raises=None, runs=()):
        self.pool, self.workers, self.deployments = pool or {"is_paused": False}, workers, deployments
        self.waits, self.late, self.raises, self.begun, self.counted = waits, late, raises, [], []
        self.runs, self.asked = list(runs), []

    def ask(self, method, path, body=None):
        if self.raises:
            raise self.raises
        if path.endswith("create_flow_run") and method == "POST":
            self.begun.append((path, body))
            return {"id": "r1"}
        if path == "flow_runs/count":
            self.counted.append(body)
            return self.waits if "deployments" in body else self.late
        if path == "flow_runs/filter" and "deployments" in body:
            self.asked.append(body)
            return self.runs
        return {
            "flow_runs/filter": [],
            "work_pools/casebeat": self.pool,
            "work_pools/casebeat/workers/filter": self.workers and [{"status": each} for each in self.workers],
            "deployments/filter": self.deployments,
        }[path]


def found(**given):
    state = look(Server(**given), NOW)
    return [one.key for one in state.findings], state.paused, state.round_waits, state.worker


def test_where_all_is_well_nothing_is_found():
    assert found() == ([], False, False, True)
    assert found(waits=1) == ([], False, True, True)
    assert look(Server(), NOW).answered


@pytest.mark.parametrize("workers", [(), None, ("OFFLINE",)])
def test_without_a_worker_online_nothing_is_picked_up(workers):
    assert found(workers=workers, waits=1) == (["worker"], False, False, False)


def test_one_worker_online_is_enough():
    assert found(workers=("OFFLINE", "ONLINE")) == ([], False, False, True)


def test_in_a_paused_pool_no_worker_is_missed():
    assert found(pool={"is_paused": True}, workers=()) == (["paused:pool"], True, False, False)


@pytest.mark.parametrize("off", [{"paused": True}, {"schedules": []}, {"schedules": [{"active": False}]}])
def test_a_deployment_that_is_paused_or_has_no_schedule_on_is_off(off):
    assert found(deployments=[deployment("daily-round", **off), BOTH[1]])[:2] == (["paused:daily-round"], True)
    assert found(deployments=[BOTH[0], deployment("delivery", **off)])[:2] == (["paused:delivery"], False)


def test_a_deployment_that_is_missing_or_of_another_pool_is_found():
    assert found(deployments=[], waits=1) == (["deployment:daily-round", "deployment:delivery"], False, False, False)
    elsewhere = deployment("delivery", work_pool_name="other")
    assert found(deployments=[BOTH[0], elsewhere])[0] == ["deployment:delivery"]


def test_late_runs_are_counted_after_five_minutes():
    server = Server(late=2)
    (late,) = look(server, NOW).findings
    assert (late.key, late.passing) == ("late", True)
    assert late.sentence == "2 flow runs of the work pool should have begun more than five minutes ago"
    due, overdue = (body["flow_runs"]["expected_start_time"]["before_"] for body in server.counted)
    assert (due, overdue) == ((NOW + timedelta(minutes=1)).isoformat(), (NOW - timedelta(minutes=5)).isoformat())


def run(state, force_code=None):
    return {"state_type": state, "parameters": {"force_code": force_code} if force_code else {}}


@pytest.mark.parametrize(
    ("runs", "waits", "crashed"),
    [
        ((), 0, False),
        ((run("CRASHED"),), 0, True),
        ((run("CRASHED"),), 1, False),  # another is under way
        ((run("COMPLETED"), run("CRASHED")), 0, False),
        ((run("CRASHED"), run("COMPLETED")), 0, True),
        ((run("COMPLETED", "45"), run("CRASHED")), 0, True),  # one force's is not the day's
        ((run("CRASHED", "45"),), 0, False),
    ],
)
def test_the_latest_run_of_todays_round_may_have_crashed(runs, waits, crashed):
    server = Server(runs=runs, waits=waits)
    assert look(server, NOW).crashed is crashed
    assert all(
        body["flow_runs"]["expected_start_time"]["after_"] == "2026-03-17T00:00:00+00:00" for body in server.asked
    )


@pytest.mark.parametrize(
    ("raised", "sentence"),
    [
        (
            HTTPError("u", 401, "no", HTTPMessage(), None),
            "the Prefect server refuses the auditor (HTTP 401): set PREFECT_API_AUTH_STRING to its sign-in",
        ),
        (ConnectionError(), "the Prefect server does not answer: start it again"),
    ],
)
def test_a_server_that_refuses_or_is_away_is_a_finding(raised, sentence):
    state = look(Server(raises=raised), NOW)
    (only,) = state.findings
    assert (only.key, only.sentence, only.passing) == ("prefect", sentence, True)
    assert (state.answered, state.worker, state.paused, state.round_waits) == (False, False, False, False)


def test_what_is_not_prefects_api_is_away():
    assert look(Server(deployments=None), NOW).findings[0].sentence.startswith("the Prefect server does not answer")


@pytest.mark.parametrize(
    ("force_code", "as_of", "parameters"),
    [(None, None, {}), ("45", NOW, {"force_code": "45", "as_of": NOW.isoformat()})],
)
def test_a_round_is_begun_as_a_run_of_its_deployment(force_code, as_of, parameters):
    server = Server()
    begun = BeginAgain(force_code)
    assert begin_round(server, begun, as_of)
    assert server.begun == [
        ("deployments/id of daily-round/create_flow_run", {"parameters": parameters, "state": {"type": "SCHEDULED"}})
    ]
    assert not begin_round(Server(deployments=[BOTH[1]]), begun, None)
    assert not begin_round(Server(raises=ConnectionError()), begun, None)


def test_a_server_without_the_pool_has_none_that_is_paused():
    server = Server()
    server.pool = None
    assert look(server, NOW).findings == ()


def test_without_a_named_server_it_is_casebeats_own_once_there_is_a_sign_in_to_it(monkeypatch):
    monkeypatch.delenv("PREFECT_API_URL", raising=False)
    monkeypatch.setattr(prefect_state, "known_sign_in", lambda: None)
    assert prefect_state.server(configured()) is None
    monkeypatch.setattr(prefect_state, "known_sign_in", lambda: "u:p")
    own = prefect_state.server(configured())
    assert own is not None
    assert (own.url, own.sign_in) == (f"http://127.0.0.1:{settings().server.port}/api", "u:p")
    monkeypatch.setenv("PREFECT_API_URL", "http://127.0.0.1:9/api")
    named = prefect_state.server(configured())
    assert named is not None
    assert named.url == "http://127.0.0.1:9/api"


def test_the_server_is_that_of_prefects_settings_or_casebeats_own(monkeypatch):
    monkeypatch.setenv("PREFECT_API_URL", "http://127.0.0.1:9/api")
    known = prefect_state.server(configured())
    assert known is not None
    assert known.url == "http://127.0.0.1:9/api"
