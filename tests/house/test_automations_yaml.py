"""`automations.yaml` is what Prefect takes: each automation by a name of its own, with deployments that exist."""

import json
from datetime import UTC, datetime
from uuid import uuid4

import pytest
import yaml
from prefect.events.schemas.automations import AutomationCore
from prefect.server.events.schemas.automations import EventTrigger
from prefect.server.events.schemas.events import ReceivedEvent

from tasks.rounds.assurance import automations, prefect_state
from tests.house.deployments import DEPLOYMENTS
from tests.house.source import ROOT

DECLARED = yaml.safe_load(automations.FILE.read_text("utf-8"))["automations"]

NO_FORCE = {"prefect.resource.role": "flow", "prefect.resource.name": "!force-round"}
NEEDED = {"prefect.resource.role": "deployment", "prefect.resource.name": ["daily-round", "delivery"]}
OF_A_SCHEDULE = {"prefect.resource.role": "tag", "prefect.resource.id": ["prefect.tag.auto-scheduled"]}
OFTEN = {
    "prefect.resource.role": "deployment",
    "prefect.resource.name": [name for name, one in DEPLOYMENTS.items() if " * * * *" in str(one.get("schedules"))],
}  # of these the next run comes within the hour


class Answers:
    """An API that knows every deployment by an id."""

    def ask(self, method, path, body=None):
        del method, body
        assert path.rpartition("/")[2] in DEPLOYMENTS, path
        return {"id": "7f1a3b0e-0000-4000-8000-000000000000"}


def resolved():
    return automations.resolved(Answers(), DECLARED)


@pytest.mark.parametrize("one", resolved(), ids=lambda one: one["name"])
def test_prefect_takes_it(one):
    assert AutomationCore.model_validate(one).name == one["name"]
    assert one["description"]


def test_each_has_a_name_of_its_own_and_is_of_casebeats_runs():
    names = [one["name"] for one in DECLARED]
    assert len(names) == len(set(names))
    assert all(name.startswith("casebeat-") for name in names)
    runs = [one for one in DECLARED if "prefect.flow-run.*" in str(one["trigger"]["match"])]
    ours = {"prefect.resource.role": "tag", "prefect.resource.id": ["prefect.tag.casebeat"]}
    also = ([], [NEEDED], [NO_FORCE], [OF_A_SCHEDULE, OFTEN])
    allowed = [ours, *([ours, *more] for more in also)]
    assert [one["name"] for one in runs if one["trigger"]["match_related"] not in allowed] == []


@pytest.mark.parametrize(
    ("flow", "deployment", "written"),
    [("daily-round", "daily-round", True), ("daily-round", None, True), ("force-round", "force-round", False)],
)
def test_prefect_begins_an_alarm_of_a_failed_run_but_of_no_force_that_a_round_handed_out(flow, deployment, written):
    """One of `casebeat run` has no deployment."""
    related = [("tag", "casebeat"), ("flow", flow)] + [("deployment", deployment)] * (deployment is not None)
    failed = ReceivedEvent(
        occurred=datetime.now(UTC),
        event="prefect.flow-run.Failed",
        id=uuid4(),
        resource={"prefect.resource.id": f"prefect.flow-run.{uuid4()}"},
        related=[
            {
                "prefect.resource.id": f"prefect.{role}.{name}",
                "prefect.resource.role": role,
                "prefect.resource.name": name,
            }
            for role, name in related
        ],
    )
    (one,) = [each for each in resolved() if each["name"] == "casebeat-ended-badly"]
    assert EventTrigger.model_validate(one["trigger"]).covers(failed) is written


def test_when_a_worker_comes_back_there_is_no_storm_of_alarms():
    late = next(one for one in resolved() if one["name"] == "casebeat-late")
    assert NEEDED in late["trigger"]["match_related"]
    assert NEEDED["prefect.resource.name"] == list(prefect_state.NEEDED)
    assert DEPLOYMENTS["tell-operations"]["concurrency_limit"] == {"limit": 1, "collision_strategy": "ENQUEUE"}


def test_what_they_run_has_another_tag_so_that_none_calls_itself():
    assert DEPLOYMENTS["tell-operations"]["tags"] == ["alarm"]
    others = [one for name, one in DEPLOYMENTS.items() if name != "tell-operations"]
    assert all("casebeat" in one["tags"] for one in others)


def test_a_run_is_ended_within_two_minutes_and_its_heartbeat_is_thrice_as_often():
    silent = {one["name"]: one["trigger"]["within"] for one in DECLARED if "change-flow-run-state" in str(one)}
    assert len(silent) == 3
    assert max(silent.values()) <= 110
    assert silent["casebeat-no-heartbeat"] == 90
    for template in (ROOT / "packaging" / "pools").iterdir():
        given = json.loads(template.read_text("utf-8"))["job_configuration"]["env"]
        assert given["PREFECT_FLOWS_HEARTBEAT_FREQUENCY"] == "30", template.name


def test_the_file_is_in_the_checkout_beside_prefect_yaml():
    assert automations.FILE.parent == ROOT
