"""The installed form: `prefect deploy --all` and a process worker run the round from this checkout."""

import json
import tempfile
from pathlib import Path
from urllib.error import HTTPError

import pytest

from models.errors import Refuse
from tasks.servers import postgres
from tasks.servers.prefect_server import deploy, prefect, prefect_server
from tests.support.casebeat import casebeat
from tests.support.prefect import Prefect, worker
from tests.support.prepared import prepare
from tests.support.processes import gone, processes_that_name
from tests.worlds.extracts import a_case, a_contact, an_action, write

ROOT = Path(__file__).parents[2]
pytestmark = [pytest.mark.prefect, pytest.mark.timeout(900)]  # two dozen processes one after another


@pytest.fixture
def home(monkeypatch):
    with tempfile.TemporaryDirectory(prefix="casebeat deployed ") as made:
        monkeypatch.setenv("CASEBEAT_HOME", made)
        monkeypatch.setenv("CASEBEAT_CLOCK", "virtual")
        prepare(Path(made), prefect=True)
        yield Path(made)
        postgres.stop(Path(made))


def test_what_is_deployed_twice_is_there_once_and_a_worker_runs_it_and_leaves_no_process(home, tmp_path):
    people, cases = [a_contact("P1")], [a_case("C1", opened_on="2026-03-02")]
    actions = [an_action("A1", "C1", raised_on="2026-03-02")]
    write(tmp_path / "night", {"contacts.csv": people, "cases.csv": cases, "actions.csv": actions},
          extracted_at="2026-03-18T05:10:00+00:00")  # fmt: skip
    assert casebeat(home, "intake", str(tmp_path / "night")).returncode == 0
    with prefect_server(home) as api_url:
        served = Prefect(home, api_url)
        deploy(home, api_url, ROOT)
        deploy(home, api_url, ROOT)
        names = [one["name"] for one in served.asked("deployments/filter")]
        prefect(home, api_url, "deployment", "schedule", "pause", "--all")  # these would send the waiting messages
        with worker(home, api_url):
            assert len(processes_that_name(home)) > 1
            before = ended_well(home, api_url, "daily-round/daily-round", "2026-03-18T06:00:00+00:00")
            after = ended_well(home, api_url, "delivery/delivery", "2026-03-18T08:00:00+00:00")
            for code in ("45", '"45"'):
                given = ("--param", f"force_code={code}", "--param", 'as_of="2026-03-18T09:00:00+00:00"')
                prefect(home, api_url, "deployment", "run", "chasing/chasing", *given, "--watch")
            earlier = refused(served, "2026-03-17T06:00:00+00:00")
            nothing_of_its_own_is_taken_into_a_run(served, tmp_path)
        assert earlier == "Tue 17 Mar 2026 is before force 45's last round (Wed 18 Mar 2026): nothing was done."
        assert states(home) == after
        assert ("daily-round 2026-03-18", "COMPLETED") in served.runs()
        assert served.runs("chasing force 45") == [("chasing force 45", "COMPLETED")] * 2
    assert gone(home)
    assert sorted(names) == sorted(set(names))
    assert {"daily-round", "intake", "delivery"} <= set(names)
    assert {row["state"] for row in before if row["kind"] == "letter"} == {"queued"}
    assert {row["state"] for row in after if row["kind"] == "letter"} == {"shown"}


def ended_well(home, api_url, name, as_of):
    """Run a deployment by hand, wait for its end, and read the outbox."""
    prefect(home, api_url, "deployment", "run", name, "--param", f"as_of={json.dumps(as_of)}", "--watch")
    return states(home)


def nothing_of_its_own_is_taken_into_a_run(served, folder):
    """A run that brings an environment, a command or a folder is refused by the server, and never begun."""
    (delivery,) = served.asked("deployments/filter", deployments={"name": {"any_": ["delivery"]}})
    begin, before = f"deployments/{delivery['id']}/create_flow_run", len(served.runs())
    mark = folder / "mark"
    for brought in (
        {"env": {"CASEBEAT_HOME": str(folder)}},
        {"env.CASEBEAT_HOME": str(folder)},
        {"command": f"touch {mark}"},
        {"working_dir": str(folder)},
        {"run_log": f"WARNING {mark}"},
    ):
        with pytest.raises(HTTPError, match="422"):
            served.asked(begin, job_variables=brought)
    assert len(served.runs()) == before
    assert not mark.exists()


def refused(served, as_of):
    """Run the round by hand for a day that it refuses, and read the message of the run's state."""
    asked = ("--param", f"as_of={json.dumps(as_of)}", "--watch")
    with pytest.raises(Refuse):
        prefect(served.home, served.api_url, "deployment", "run", "daily-round/daily-round", *asked)
    last = max(served.asked("flow_runs/filter"), key=lambda run: run["created"])
    assert (last["name"], last["state_type"]) in {("daily-round", "FAILED"), ("daily-round 2026-03-17", "FAILED")}
    return last["state"]["message"].removeprefix("Flow run encountered an exception: Refuse: ")


def states(home):
    ran = casebeat(home, "outbox", "--all", "--json")
    assert ran.returncode == 0, ran.stderr
    return [json.loads(line) for line in ran.stdout.splitlines()]
