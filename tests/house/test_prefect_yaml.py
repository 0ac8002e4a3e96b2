"""`prefect.yaml` deploys from a clone in any folder: no path in it, every entrypoint a flow, every slug unique."""

import asyncio
import re
from datetime import UTC, datetime, timedelta
from importlib import import_module
from itertools import pairwise

import pytest
from prefect.flows import Flow
from prefect.server.schemas.schedules import CronSchedule
from prefect.utilities.callables import parameter_schema
from prefect.utilities.schema_tools.validation import validate

from config.days.london import LONDON
from tests.flows.forms import WAYS_BACK
from tests.house.deployments import DEPLOYMENTS, FILE, TEXT

SCHEDULED = {"daily-round": "0 6 * * *", "intake": "*/30 * * * *", "delivery": "*/5 * * * *", "replies": "*/5 * * * *"}
SCHEDULED |= {"assurance": "10 * * * *", "report": "0 7 6 * *", "backup": "30 3 * * *"}
OFTEN = {"intake": 30, "delivery": 5, "replies": 5, "assurance": 60}  # minutes
FORMS = {
    "acknowledge", "convene", "complete-action", "record-review", "undo-completion", "undo-move", "undo-review",
    "withdraw-acknowledgement", "checklist", "held-extract", "confirm-risk", "undo-confirmation",
}  # fmt: skip
BY_HAND = {"chasing", "escalation", "joint-reviews", "force-round"} | FORMS | {"tell-operations"}  # automations run it


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
    own = name.replace("-", "_")
    assert module == f"flows.{WAYS_BACK.get(own, own)}"


@pytest.mark.parametrize("name", DEPLOYMENTS)
def test_its_description_says_what_to_do_when_it_fails(name):
    assert re.search(r"When it fails(?: or is degraded)?:", DEPLOYMENTS[name]["description"])


@pytest.mark.parametrize("name", sorted(SCHEDULED))
def test_it_runs_one_at_a_time_and_by_london_time_where_it_has_an_hour_of_the_day(name):
    (schedule,) = DEPLOYMENTS[name]["schedules"]
    assert schedule["cron"] == SCHEDULED[name]
    assert schedule["timezone"] == ("UTC" if name in OFTEN else LONDON.key)
    assert "active" not in schedule, "deploying again would switch it against operations"
    assert DEPLOYMENTS[name]["concurrency_limit"] == {"limit": 1, "collision_strategy": "CANCEL_NEW"}


@pytest.mark.parametrize("night", [datetime(2026, 10, 24, 22, tzinfo=UTC), datetime(2027, 3, 27, 22, tzinfo=UTC)])
@pytest.mark.parametrize("name", sorted(OFTEN))
def test_on_the_nights_when_clocks_change_it_comes_as_often_as_ever(name, night):
    (schedule,) = DEPLOYMENTS[name]["schedules"]
    cron = CronSchedule(cron=schedule["cron"], timezone=schedule["timezone"])
    found = asyncio.run(cron.get_dates(n=200, start=night, end=night + timedelta(hours=8)))
    moments = [moment.timestamp() for moment in found]
    assert {later - earlier for earlier, later in pairwise(moments)} == {OFTEN[name] * 60}


@pytest.mark.parametrize("name", sorted(BY_HAND))
def test_what_is_done_by_hand_has_no_schedule(name):
    assert "schedules" not in DEPLOYMENTS[name]


@pytest.mark.parametrize("name", sorted(FORMS))
def test_a_form_has_labels_in_place_of_names_and_tells_how_each_field_is_written(name):
    schema = schema_of(name)
    labels = [each["title"] for each in fields_of(schema)]
    assert len(labels) == len(set(labels))
    assert [label for label in labels if not label[0].isupper() or "_" in label] == []
    assert [each["title"] for each in fields_of(schema) if not each["description"].endswith(".")] == []


@pytest.mark.parametrize("name", sorted(FORMS))
def test_the_server_takes_no_free_text_into_a_field_and_shows_no_expression(name):
    schema = schema_of(name)
    text = "Jane Roe said: he came again"
    several = {"actions": [dict.fromkeys(("kind", "owner", "due_on"), text)]}
    given = {field: several.get(field, text) for field in schema["properties"]}
    faults = [fault.message for fault in validate(given, schema) if text in str(fault.instance)]
    assert len(faults) >= len(given)
    assert [fault for fault in faults if re.search(r"[\\^$*{}]|\[\w-]+\]", fault.replace(text, ""))] == []


def schema_of(name):
    """The JSON schema by which Prefect draws a form and refuses what does not fit."""
    return parameter_schema(flow_of(name)).model_dump()


def fields_of(schema):
    """The fields of a form, and of each part that it may have many of."""
    return [each for part in (schema, *schema["definitions"].values()) for each in part["properties"].values()]


def test_every_schedule_has_a_slug_of_its_own():
    slugs = [s.get("slug") for deployment in FILE["deployments"] for s in deployment.get("schedules", [])]
    assert None not in slugs
    assert len(slugs) == len(set(slugs))


@pytest.mark.parametrize("name", DEPLOYMENTS)
def test_the_end_of_each_run_makes_the_status_page_anew(name):
    found = flow_of(name)
    for hooks in (found.on_completion_hooks, found.on_failure_hooks, found.on_crashed_hooks):
        assert [hook.__module__ for hook in hooks] == ["flows.publishing"], "make it by @deployment"


@pytest.mark.parametrize("name", DEPLOYMENTS)
def test_it_waits_in_the_one_pool(name):
    assert DEPLOYMENTS[name]["work_pool"]["name"] == "casebeat"
