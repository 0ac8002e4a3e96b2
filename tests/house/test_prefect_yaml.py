"""`prefect.yaml` deploys from a clone in any folder: no path in it, every entrypoint a flow, every slug its own."""

import re
from importlib import import_module
from zoneinfo import ZoneInfo

import pytest
import yaml
from prefect.flows import Flow
from prefect.server.schemas.schedules import CronSchedule

from tests.house.source import ROOT

TEXT = (ROOT / "prefect.yaml").read_text("utf-8")
FILE = yaml.safe_load(TEXT)
DEPLOYMENTS = {deployment["name"]: deployment for deployment in FILE["deployments"]}
SCHEDULED = {"daily-round": "0 6 * * *", "intake": "*/30 * * * *", "delivery": "*/5 * * * *"}
BY_HAND = {"chasing", "escalation"}


def test_nothing_is_pulled_so_that_no_folder_is_remembered():
    assert FILE["pull"] == []


def test_no_path_is_written_in_it():
    assert re.findall(r"(?<![\w*])/[A-Za-z][\w./-]*|~/|\.\./|\$\w+", re.sub(r"#.*", "", TEXT)) == []


def test_the_deployments_are_the_scheduled_and_the_by_hand_ones():
    assert set(DEPLOYMENTS) == set(SCHEDULED) | BY_HAND
    assert len(DEPLOYMENTS) == len(FILE["deployments"])


@pytest.mark.parametrize("name", DEPLOYMENTS)
def test_the_entrypoint_is_a_flow_named_as_its_deployment(name):
    module, _, attribute = DEPLOYMENTS[name]["entrypoint"].rpartition(".")
    found = getattr(import_module(module), attribute)
    assert isinstance(found, Flow)
    assert found.name == name
    assert module == f"flows.{name.replace('-', '_')}"


@pytest.mark.parametrize("name", DEPLOYMENTS)
def test_its_description_says_what_to_do_when_it_fails(name):
    assert re.search(r"When it fails(?: or is degraded)?:", DEPLOYMENTS[name]["description"])


@pytest.mark.parametrize("name", sorted(SCHEDULED))
def test_it_runs_by_london_time_one_at_a_time(name):
    (schedule,) = DEPLOYMENTS[name]["schedules"]
    assert schedule["cron"] == SCHEDULED[name]
    assert ZoneInfo(schedule["timezone"]).key == "Europe/London"
    assert CronSchedule(cron=schedule["cron"], timezone=schedule["timezone"])
    assert DEPLOYMENTS[name]["concurrency_limit"] == {"limit": 1, "collision_strategy": "CANCEL_NEW"}


@pytest.mark.parametrize("name", sorted(BY_HAND))
def test_what_is_done_by_hand_has_no_schedule(name):
    assert "schedules" not in DEPLOYMENTS[name]


def test_every_schedule_has_a_slug_of_its_own():
    slugs = [s.get("slug") for deployment in FILE["deployments"] for s in deployment.get("schedules", [])]
    assert None not in slugs
    assert len(slugs) == len(set(slugs))


@pytest.mark.parametrize("name", DEPLOYMENTS)
def test_it_waits_in_the_one_pool(name):
    assert DEPLOYMENTS[name]["work_pool"]["name"] == "casebeat"
