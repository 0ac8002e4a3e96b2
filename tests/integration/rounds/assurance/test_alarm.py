"""An alarm of Prefect's about the auditor: what it found it writes itself, and its crash is written for it."""

import pytest

from flows.configured import configured
from tasks.rounds.assurance import alarm
from tasks.servers.prefect_api import Api
from tests.worlds.rows import AT_NINE

OWN = f"{alarm.FOUND}the round of Tue 17 Mar 2026 failed"


@pytest.mark.parametrize(
    ("name", "state", "message", "written"),
    [
        ("assurance", "Failed", OWN, False),
        ("assurance", "Failed", "Flow run encountered an exception: OSError", True),
        ("assurance", "Failed", None, True),
        ("assurance", "Crashed", OWN, True),
        ("delivery", "Failed", OWN, True),
    ],
)
def test_only_what_the_auditor_found_is_not_written_again(database, monkeypatch, name, state, message, written):
    answers = {"flow_runs/r": {"deployment_id": "d", "state": {"message": message}}, "deployments/d": {"name": name}}
    monkeypatch.setenv("PREFECT_API_URL", "http://127.0.0.1:9/api")
    monkeypatch.setattr(Api, "ask", lambda _self, _method, path: answers[path])
    assert alarm.write(configured(), f"prefect.flow-run.{state}", "r", AT_NINE) is written
