"""The doctor before a real Prefect server: no sign-in, no worker, no deployments, telemetry, SQLite; each mended."""

import pytest

from tasks.servers import child, prefect_server, work_pool
from tasks.servers.prefect_api import Api
from tasks.servers.prefect_server import ALONE, SERVER, environment, wait_for_health
from tests.support import prefect
from tests.support.post import free_port
from tests.worlds.installation import Installation

pytestmark = [pytest.mark.prefect, pytest.mark.timeout(600)]


@pytest.fixture
def empty(shared):
    """The shared server without a pool and without deployments; the next tests find them there again."""
    api = Api(shared.api_url)
    for each in api.ask("POST", "deployments/filter", {}):
        api.ask("DELETE", f"deployments/{each['id']}")
    api.ask("DELETE", "work_pools/casebeat")
    yield shared
    prefect.pause_schedules(shared.api_url)


@pytest.fixture
def at(database, run_cli, monkeypatch, tmp_path):
    made = Installation(run_cli, monkeypatch, tmp_path)
    made.set(FORMS__TRUSTED=None)
    return made


def test_pool_worker_deployments_and_schedules_that_are_missing_or_off_are_found(at, empty, monkeypatch):
    monkeypatch.setenv("PREFECT_API_URL", empty.api_url)
    api = Api(empty.api_url)
    at.is_well("prefect-server")
    at.is_well("prefect-settings")
    a_sign_in_is_asked_for_where_forms_are_trusted(at)
    at.finds("worker", "fail", "has no work pool casebeat", "start casebeat serve")
    at.finds("deployments", "fail", "has no deployment", "deploy --all, makes it")
    prefect_server.deploy(empty.home, empty.api_url, prefect.ROOT)
    at.is_well("deployments")
    a_pool_that_takes_what_a_run_is_given_is_found(at, api)
    a_pool_with_one_place_for_a_round_and_its_forces_is_found(at, api)
    at.finds("worker", "fail", "No worker serves the work pool casebeat", "start casebeat serve")
    a_stale_deployment_is_found(at, api)
    a_schedule_that_is_off_is_found(at, api)
    api.ask("POST", "work_pools/casebeat/workers/heartbeat", {"name": "machine"})
    at.is_well("worker")
    work_pool.pause(api, paused=True)
    at.finds("worker", "fail", "is paused", "work-pool resume casebeat")


def a_sign_in_is_asked_for_where_forms_are_trusted(at):
    at.is_well("sign-in")
    at.set(FORMS__TRUSTED="true")
    at.finds("sign-in", "warn", "Forms are trusted, and the Prefect server answers without a sign-in")
    at.set(FORMS__TRUSTED=None)
    at.is_well("sign-in")


def a_pool_that_takes_what_a_run_is_given_is_found(at, api):
    at.is_well("work-pool")
    kept = api.ask("GET", "work_pools/casebeat")["base_job_template"]
    opened = kept | {"variables": {name: value for name, value in kept["variables"].items() if value}}
    api.ask("PATCH", "work_pools/casebeat", {"base_job_template": opened})
    at.finds("work-pool", "warn", "an environment and a command of their own", "packaging/pools/process.json")
    api.ask("PATCH", "work_pools/casebeat", {"base_job_template": kept})


def a_pool_with_one_place_for_a_round_and_its_forces_is_found(at, api):
    at.set(SERVER__SHARES=4)
    at.is_well("work-pool")
    api.ask("PATCH", "work_pools/casebeat", {"concurrency_limit": 1})
    at.finds("work-pool", "warn", "waits two minutes", "set-concurrency-limit casebeat 6")
    api.ask("PATCH", "work_pools/casebeat", {"concurrency_limit": None})
    at.set(SERVER__SHARES=None)
    at.is_well("work-pool")


def a_stale_deployment_is_found(at, api):
    intake = api.ask("GET", "deployments/name/intake/intake")
    api.ask("PATCH", f"deployments/{intake['id']}", {"description": "Of an earlier version."})
    at.finds("deployments", "warn", "The deployments intake are of another version of this code")
    api.ask("PATCH", f"deployments/{intake['id']}", {"description": intake["description"]})
    at.is_well("deployments")


def a_schedule_that_is_off_is_found(at, api):
    for name, mark in (("delivery", "warn"), ("daily-round", "fail")):
        found = api.ask("GET", f"deployments/name/{name}/{name}")
        (schedule,) = found["schedules"]
        switch = f"deployments/{found['id']}/schedules/{schedule['id']}"
        api.ask("PATCH", switch, {"active": False})
        at.finds("deployments", mark, f"The schedule of {name} is off", "Switch it on")
        api.ask("PATCH", switch, {"active": True})
        at.is_well("deployments")


def test_a_server_on_sqlite_that_reports_and_refuses_the_sign_in_is_found(at, monkeypatch, tmp_path):
    port = free_port()
    given = {
        **environment(tmp_path, port), **ALONE, "PREFECT_SERVER_ANALYTICS_ENABLED": "true",
        "PREFECT_SERVER_API_HOST": "127.0.0.1", "PREFECT_SERVER_API_PORT": str(port),
        "PREFECT_SERVER_API_AUTH_STRING": "casebeat:hunter2",
    }  # fmt: skip
    monkeypatch.setenv("PREFECT_API_URL", given["PREFECT_API_URL"])
    with child.running(tmp_path, "server", SERVER, given) as server:
        wait_for_health(server, tmp_path, given["PREFECT_API_URL"])
        at.finds("prefect-server", "fail", "refuses the sign-in", "set PREFECT_API_AUTH_STRING")
        monkeypatch.setenv("PREFECT_API_AUTH_STRING", "casebeat:hunter2")
        at.is_well("prefect-server")
        at.is_well("sign-in")
        at.finds("prefect-settings", "fail", "reports to its makers", "PREFECT_SERVER_ANALYTICS_ENABLED=false")
        at.finds("prefect-settings", "warn", "keeps its runs in SQLite", "PREFECT_SERVER_DATABASE_CONNECTION_URL")
        assert "hunter2" not in str(at.examined())
