"""A run's name is its flow's, and a day or a force only where its parameter is one, whatever was given unchecked."""

from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pytest
from prefect.runtime import flow_run

from flows.force_round import force_round
from flows.prefect_tasks import of_force, run_named
from tasks.servers.run_names import plain_name

NO_DAY: tuple[Any, ...] = (
    "45/C1", "", "2026-11-25", "2026-11-25T08:00:00", "0001-01-01T00:00:00+14:00", 10**400, -1e300, [1], {"a": 1}, True,
)  # fmt: skip


def of_forces() -> str:
    name = force_round.flow_run_name
    assert callable(name)
    return name()


@pytest.fixture
def given(monkeypatch: pytest.MonkeyPatch):
    return lambda **parameters: monkeypatch.setattr(flow_run, "parameters", parameters, raising=False)


@pytest.mark.parametrize("as_of", NO_DAY)
def test_what_is_no_moment_gives_the_flow_its_fixed_name(given, as_of) -> None:
    given(as_of=as_of)
    assert run_named("report")() == "report"


def test_a_moment_gives_its_day_in_london_and_none_gives_today(given) -> None:
    given(as_of="2026-06-30T23:30:00+00:00")
    assert run_named("report")() == "report 2026-07-01"
    given()
    assert run_named("report")().startswith("report 20")


@pytest.mark.parametrize("codes", [None, 45, "45", [], ["45", "45/C1"], [{"a": 1}], ["45/C1", "46"]])
def test_what_is_no_list_of_codes_gives_the_flow_its_fixed_name(given, codes) -> None:
    given(force_codes=codes)
    assert of_forces() == "force-round"
    given(force_code=codes)
    assert of_force("chasing")() in {"chasing", "chasing force 45"}


def test_codes_are_named_by_the_first(given) -> None:
    given(force_codes=["45", 46, "12"])
    assert of_forces() == "force-round force 45 and 2 more"


def test_before_it_begins_a_run_is_named_by_its_deployment_and_the_day_of_its_schedule_and_one_of_others_is_theirs():
    late = datetime(2026, 6, 30, 23, 30, tzinfo=UTC)
    ours, theirs = (SimpleNamespace(name="report", tags=tags) for tags in (["casebeat", "scheduled"], ["scheduled"]))
    assert (plain_name(ours, late), plain_name(ours)) == ("report 2026-07-01", "report")
    assert plain_name(theirs, late) is plain_name(None) is None
