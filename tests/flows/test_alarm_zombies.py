"""An alarm's run whose worker died while it took it: it is ended, since it would hold up every later alarm."""

from datetime import UTC, datetime

import pytest

from tasks.rounds.assurance import zombies
from tasks.servers.prefect_api import Api

pytestmark = pytest.mark.prefect


def test_an_alarm_that_no_worker_begins_is_ended_after_five_minutes_of_silence(prefect):
    api = Api(prefect.api_url)
    flow = api.ask("POST", "flows/", {"name": "tell-operations"})["id"]
    pending = {"flow_id": flow, "tags": ["alarm"], "state": {"type": "PENDING"}}
    run_id = api.ask("POST", "flow_runs/", pending)["id"]
    assert zombies.end_zombies(api, datetime.now(UTC)) == 0
    assert zombies.end_zombies(api, datetime.now(UTC) + 2 * zombies.SILENT) == 1
    assert api.ask("GET", f"flow_runs/{run_id}")["state"]["type"] == "CRASHED"
    api.ask("DELETE", f"flow_runs/{run_id}")
