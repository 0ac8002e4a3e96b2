"""Days that no door takes: one that has not come, one before the last round. A refused run leaves every table alone."""

import json
import os
import tempfile
from datetime import date, time, timedelta
from pathlib import Path
from time import sleep

import pytest
from sqlalchemy import create_engine

from config.days.london import at_london, london_day
from flows.clock import moment
from models.rules.arithmetic import format_day
from tasks.servers import postgres
from tests.support import preloaded
from tests.support.casebeat import casebeat
from tests.support.every_table import every_table
from tests.support.post import RawServer
from tests.support.prepared import prepare
from tests.worlds.extracts import a_case, a_contact, an_action, write

pytestmark = [pytest.mark.prefect, pytest.mark.timeout(600)]
CALL = """import json, sys
from datetime import datetime
from importlib import import_module
told = []
for module, name, given in json.loads(sys.argv[1]):
    if "as_of" in given:
        given["as_of"] = datetime.fromisoformat(given["as_of"])
    try:
        getattr(import_module(module), name)(**given)
        told.append("done")
    except Exception as error:
        told.append(f"{type(error).__name__}: {error}")
print("TOLD " + json.dumps(told))
"""
WITH_A_DAY = {
    "daily_round": {}, "intake": {}, "delivery": {}, "replies": {},
    "joint_reviews": {"force_code": "45"}, "chasing": {"force_code": "45"}, "escalation": {"force_code": "45"},
}  # fmt: skip
FORMS = {
    "acknowledge": {"owed": "action", "until": "2098-01-02", "subject": "action:A1"},
    "complete_action": {"action": "A1", "done_on": "2026-11-20"},
    "convene": {"sitting": "45-south-east-2026-03-17"},
    "record_review": {"sitting": "45-south-east-2026-03-17", "held": "not held"},
}
LONGEST = timedelta(minutes=3)  # of one of these tests, on a slow machine
EDGE = "9999-12-31T23:59:00-23:59"


@pytest.fixture(autouse=True)
def one_day():
    """A test compares days of several processes: let it begin behind a midnight that is near."""
    left = at_london(today() + timedelta(days=1), time()) - moment()
    if left < LONGEST:
        sleep(left.total_seconds() + 1)


@pytest.fixture
def server():
    with RawServer() as started:
        yield started


@pytest.fixture
def book(server, tmp_path):
    """A book with work due, an extract in the drop folder, and a mail server; its data directory and its settings."""
    with tempfile.TemporaryDirectory(prefix="casebeat-days-") as made:
        prepare(Path(made))
        opened = today() - timedelta(days=60)
        people = [a_contact("P1"), a_contact("SP1", roles="spoc")]
        cases = [a_case(f"C{number}", opened_on=opened.isoformat()) for number in range(5)]
        actions = [an_action("A1", "C1", raised_on=opened.isoformat())]
        files = {"contacts.csv": people, "cases.csv": cases, "actions.csv": actions}
        at = moment() - timedelta(hours=2)
        write(tmp_path / "night", files, extracted_at=at.isoformat())
        write(tmp_path / "drop" / "later", files, number=2, extracted_at=(at + timedelta(hours=1)).isoformat())
        assert casebeat(made, "intake", str(tmp_path / "night")).returncode == 0
        yield Path(made), {
            "CASEBEAT_HOME": made, "CASEBEAT_DROP": str(tmp_path / "drop"), "CASEBEAT_CLOCK": "real",
            "CASEBEAT_MAIL__HOST": "127.0.0.1", "CASEBEAT_MAIL__PORT": str(server.port),
            "CASEBEAT_MAIL__OPERATIONS": "casebeat-operations@surrey.police.uk",
        }  # fmt: skip
        postgres.stop(Path(made))


def today() -> date:
    return london_day(moment())


def called(prefect, told, *calls):
    """Call flows in a process of their own; the outcome of each."""
    named = json.dumps([(f"flows.{name}", name, given) for name, given in calls])
    ran = preloaded.run(CALL, named, env={**os.environ, **prefect.told, **told})
    assert ran.returncode == 0, ran.stdout + ran.stderr
    return json.loads(ran.stdout.rpartition("TOLD ")[2])


def tables(home):
    owner = create_engine(postgres.url(home, role="casebeat_owner"))
    found = every_table(owner)
    owner.dispose()
    return found


def test_no_flow_takes_a_day_that_has_not_come_and_nobody_is_mailed(prefect, book, server):
    home, told = book
    later = today() + timedelta(days=95)
    before = tables(home)
    outcomes = called(
        prefect, told,
        *((name, {**given, "as_of": at_london(later).isoformat()}) for name, given in WITH_A_DAY.items()),
        ("daily_round", {"as_of": EDGE}),
    )  # fmt: skip
    assert tables(home) == before
    assert server.accepted == []
    refused = f"Refuse: {format_day(later)} has not come yet: as_of takes today or a day before it. Nothing was done."
    outside = 'Refuse: "9999-12-31" is outside the calendar, which covers 2000 to 2099. Nothing was done.'
    assert outcomes == [*[refused] * len(WITH_A_DAY), outside]
    states = [run["state"] for run in prefect.asked("flow_runs/filter") if run["name"] == "daily-round"]
    assert {state["type"] for state in states} == {"FAILED"}
    assert sorted(state["message"].partition(": ")[2] for state in states) == sorted([refused, outside])
    ran = casebeat(home, "run", "--as-of", later.isoformat(), **{**told, "CASEBEAT_CLOCK": "real"})
    assert (ran.returncode, ran.stderr) == (2, f"casebeat: {refused.removeprefix('Refuse: ')}\n")
    assert tables(home) == before


def test_no_flow_takes_a_day_before_the_last_round(prefect, book):
    home, told = book
    assert casebeat(home, "run", **{**told, "CASEBEAT_CLOCK": "real"}).returncode in {0, 1}
    yesterday = today() - timedelta(days=1)
    before = tables(home)
    outcomes = called(
        prefect, told,
        *((name, {**given, "as_of": at_london(yesterday).isoformat()}) for name, given in WITH_A_DAY.items()),
    )  # fmt: skip
    assert tables(home) == before
    last = f"force 45's last round ({format_day(today())})"
    assert outcomes == [f"Refuse: {format_day(yesterday)} is before {last}: nothing was done."] * len(WITH_A_DAY)


def test_a_round_after_a_long_gap_is_degraded_and_asks_about_the_clock(prefect, book, server):
    home, told = book
    early = today() - timedelta(days=40)
    assert casebeat(home, "run", "--as-of", early.isoformat(), **{**told, "CASEBEAT_CLOCK": "real"}).returncode in {
        0,
        1,
    }
    server.accepted.clear()
    assert called(prefect, told, ("daily_round", {})) == ["done"]
    (state,) = [run["state"] for run in prefect.asked("flow_runs/filter") if run["name"] == f"daily-round {today()}"]
    assert (state["type"], state["name"]) == ("COMPLETED", "Degraded")
    assert state["message"].startswith(
        f"To look at: the last round was on {format_day(early)}, 40 days before this one: operations are asked whether"
    )
    assert [b"Is the clock right?" in letter for letter in server.accepted] == [True]


def test_no_form_acts_before_the_last_round_and_each_does_on_its_day(prefect, book):
    home, told = book
    tomorrow = today() + timedelta(days=1)
    virtual = {**told, "CASEBEAT_CLOCK": "virtual"}
    assert casebeat(home, "run", **{**told, "CASEBEAT_CLOCK": "real"}).returncode in {0, 1}
    case = {"case": "45/C1", "by": "P1"}
    told["CASEBEAT_FORMS__TRUSTED"] = "true"
    assert called(prefect, told, ("complete_action", {**case, **FORMS["complete_action"]})) == ["done"]
    assert casebeat(home, "run", "--as-of", tomorrow.isoformat(), **virtual).returncode in {0, 1}
    before = tables(home)
    called(prefect, told, *((name, {**case, **given}) for name, given in FORMS.items()))
    assert tables(home) == before
    ended = [run["state"] for run in prefect.asked("flow_runs/filter") if run["id"] not in prefect.before]
    last = f"force 45's last round ({format_day(tomorrow)})"
    way_back = "That day has not come: casebeat undo-rounds takes back what ran in it."
    refused = f"{format_day(today())} is before {last}: nothing was done. {way_back}"
    assert [state["message"] for state in ended if state["name"] == "Refused"] == [refused] * len(FORMS)
