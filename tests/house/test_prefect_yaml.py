"""`prefect.yaml` deploys from a clone in any folder: no path in it, every entrypoint a flow, every slug unique."""

import re
from importlib import import_module

import pytest
import yaml
from prefect.flows import Flow
from prefect.server.schemas.schedules import CronSchedule
from prefect.utilities.callables import parameter_schema

from config.london import LONDON
from tests.house.source import ROOT

TEXT = (ROOT / "prefect.yaml").read_text("utf-8")
FILE = yaml.safe_load(TEXT)
DEPLOYMENTS = {deployment["name"]: deployment for deployment in FILE["deployments"]}
SCHEDULED = {"daily-round": "0 6 * * *", "intake": "*/30 * * * *", "delivery": "*/5 * * * *", "replies": "*/5 * * * *"}
FORMS = {"acknowledge", "convene", "complete-action", "record-review"}
BY_HAND = {"chasing", "escalation", "joint-reviews"} | FORMS


def flow_of(name):
    module, _, attribute = DEPLOYMENTS[name]["entrypoint"].rpartition(".")
    return getattr(import_module(module), attribute)


def test_nothing_is_pulled_so_that_no_folder_is_remembered():
    assert FILE["pull"] == []


def test_no_path_is_written_in_it():
    assert re.findall(r"(?<![\w*])/[A-Za-z][\w./-]*|~/|\.\./|\$\w+", re.sub(r"#.*", "", TEXT)) == []


def test_the_deployments_are_the_scheduled_and_the_by_hand_ones():
    assert set(DEPLOYMENTS) == set(SCHEDULED) | BY_HAND
    assert len(DEPLOYMENTS) == len(FILE["deployments"])


@pytest.mark.parametrize("name", DEPLOYMENTS)
def test_the_entrypoint_is_a_flow_named_as_its_deployment(name):
    module, _, _ = DEPLOYMENTS[name]["entrypoint"].rpartition(".")
    found = flow_of(name)
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
    assert schedule["timezone"] == LONDON.key
    assert CronSchedule(cron=schedule["cron"], timezone=schedule["timezone"])
    assert "active" not in schedule, "deploying again would switch it against operations"
    assert DEPLOYMENTS[name]["concurrency_limit"] == {"limit": 1, "collision_strategy": "CANCEL_NEW"}


@pytest.mark.parametrize("name", sorted(BY_HAND))
def test_what_is_done_by_hand_has_no_schedule(name):
    assert "schedules" not in DEPLOYMENTS[name]


@pytest.mark.parametrize("name", sorted(FORMS))
def test_a_form_asks_for_references_words_of_a_list_and_days_and_for_no_free_text(name):
    schema = parameter_schema(flow_of(name)).model_dump()
    assert len(schema["properties"]) >= 4
    assert all(each["description"] for each in schema["properties"].values())
    for form in _asked(schema["properties"].values(), schema["definitions"]):
        assert (
            form.get("format") == "date" or form.get("type") in {"null", "boolean"} or {"pattern", "enum"} & set(form)
        )
        assert " " not in form.get("pattern", "")


def _asked(fields, definitions):
    """The possible inputs of a form: each field, each of its types, and the fields of list items."""
    for each in fields:
        if "$ref" in each:
            yield from _asked([definitions[each["$ref"].rpartition("/")[2]]], definitions)
        elif inner := each.get("anyOf") or ("items" in each and [each["items"]]):
            yield from _asked(inner, definitions)
        elif "properties" in each:
            yield from _asked(each["properties"].values(), definitions)
        else:
            yield each


def test_every_schedule_has_a_slug_of_its_own():
    slugs = [s.get("slug") for deployment in FILE["deployments"] for s in deployment.get("schedules", [])]
    assert None not in slugs
    assert len(slugs) == len(set(slugs))


@pytest.mark.parametrize("name", DEPLOYMENTS)
def test_the_end_of_each_run_makes_the_status_page_anew(name):
    found = flow_of(name)
    for hooks in (found.on_completion_hooks, found.on_failure_hooks, found.on_crashed_hooks):
        assert [hook.__module__ for hook in hooks] == ["flows.publishing"], "put @refreshes_status above @flow"


@pytest.mark.parametrize("name", DEPLOYMENTS)
def test_it_waits_in_the_one_pool(name):
    assert DEPLOYMENTS[name]["work_pool"]["name"] == "casebeat"
