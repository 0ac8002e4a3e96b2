"""The installed form: a process worker runs what `prefect deploy --all` deployed from this checkout."""

import json
import re
import tempfile
from functools import partial
from http import HTTPStatus
from pathlib import Path
from urllib.error import HTTPError

import pytest

from tasks.rounds.assurance import automations
from tasks.servers import postgres
from tasks.servers.prefect_api import Api
from tests.faults.waiting import eventually
from tests.support.casebeat import casebeat
from tests.support.prefect import worker
from tests.support.prepared import prepare
from tests.support.processes import gone, processes_that_name
from tests.worlds.extracts import a_case, a_contact, an_action, write

pytestmark = [pytest.mark.prefect, pytest.mark.timeout(900)]  # a dozen processes one after another


@pytest.fixture
def home(monkeypatch):
    with tempfile.TemporaryDirectory(prefix="casebeat deployed ") as made:
        monkeypatch.setenv("CASEBEAT_HOME", made)
        monkeypatch.setenv("CASEBEAT_CLOCK", "virtual")
        prepare(Path(made))
        yield Path(made)
        postgres.stop(Path(made))


def test_a_worker_runs_what_is_deployed_and_leaves_no_process(deployed, prefect, home, tmp_path):
    people, cases = [a_contact("P1")], [a_case("C1", opened_on="2026-03-02")]
    actions = [an_action("A1", "C1", raised_on="2026-03-02")]
    write(tmp_path / "night", {"contacts.csv": people, "cases.csv": cases, "actions.csv": actions},
          extracted_at="2026-03-18T05:10:00+00:00")  # fmt: skip
    assert casebeat(home, "intake", str(tmp_path / "night")).returncode == 0
    with worker(home, prefect.api_url):
        assert processes_that_name(home)
        assert prefect.ended("daily-round", as_of="2026-03-18T06:00:00+00:00")["type"] == "COMPLETED"
        before = outbox(home)
        assert prefect.ended("delivery", as_of="2026-03-18T08:00:00+00:00")["type"] == "COMPLETED"
        after = outbox(home)
        number = {"force_code": 45, "as_of": "2026-03-18T09:00:00+00:00"}  # as `--param force_code=45` gives it
        assert prefect.ended("chasing", **number)["type"] == "COMPLETED"
        nothing_of_its_own_is_taken_into_a_run(prefect, tmp_path)
    named = [("chasing force 45", "COMPLETED"), ("daily-round 2026-03-18", "COMPLETED")]
    assert prefect.runs("daily-round 2026-03-18", "chasing force 45") == named
    assert outbox(home) == after
    assert gone(home)
    assert {row["state"] for row in before if row["kind"] == "letter"} == {"queued"}
    assert {row["state"] for row in after if row["kind"] == "letter"} == {"shown"}


def test_a_run_of_a_schedule_has_its_plain_name_and_day_before_it_begins(deployed, prefect):
    api, backup = Api(prefect.api_url), f"deployments/{prefect.deployment('backup')}"
    (schedule,) = api.ask("GET", backup)["schedules"]
    api.ask("PATCH", f"{backup}/schedules/{schedule['id']}", {"active": True})
    api.ask("POST", f"{backup}/schedule", {"max_runs": 1})
    planned = prefect.runs()
    api.ask("PATCH", f"{backup}/schedules/{schedule['id']}", {"active": False})
    assert planned
    assert [run for run in planned if not re.fullmatch(r"backup \d{4}-\d\d-\d\d", run[0])] == []


def test_a_run_of_a_schedule_that_finds_another_at_work_leaves_no_trace_and_none_keeps_a_name_that_was_typed(
    deployed, prefect
):
    api = Api(prefect.api_url)
    automations.apply(api)
    begin = f"deployments/{prefect.deployment('delivery')}/create_flow_run"
    typed = {"name": "Jane was here", "tags": ["auto-scheduled"]}
    first, second = (api.ask("POST", begin, typed)["id"] for _ in range(2))
    for run in (first, second):
        api.ask("POST", f"flow_runs/{run}/set_state", {"state": {"type": "PENDING"}})
    eventually(lambda: api.ask("GET", f"flow_runs/{second}") is None)
    assert prefect.runs("delivery", "Jane was here") == [("delivery", "PENDING")]
    api.ask("POST", f"flow_runs/{first}/set_state", {"state": {"type": "CANCELLED"}, "force": True})
    for automation in api.ask("POST", "automations/filter", {}):
        eventually(partial(is_deleted, api, f"automations/{automation['id']}"))


def is_deleted(api, path):
    try:
        api.ask("DELETE", path)
    except HTTPError as error:
        if error.code != HTTPStatus.SERVICE_UNAVAILABLE:  # its database is busy for a moment
            raise
        return False
    return True


def nothing_of_its_own_is_taken_into_a_run(prefect, folder):
    """A run that brings an environment, a command or a folder is refused by the server, and never begun."""
    begin, before = f"deployments/{prefect.deployment('delivery')}/create_flow_run", len(prefect.runs())
    mark = folder / "mark"
    for brought in (
        {"env": {"CASEBEAT_HOME": str(folder)}},
        {"env.CASEBEAT_HOME": str(folder)},
        {"command": f"touch {mark}"},
        {"working_dir": str(folder)},
        {"run_log": f"WARNING {mark}"},
    ):
        with pytest.raises(HTTPError, match="422"):
            prefect.asked(begin, job_variables=brought)
    assert len(prefect.runs()) == before
    assert not mark.exists()


def outbox(home):
    ran = casebeat(home, "outbox", "--all", "--json")
    assert ran.returncode == 0, ran.stderr
    return [json.loads(line) for line in ran.stdout.splitlines()]
