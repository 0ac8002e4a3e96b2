"""The forms, run by Prefect: their records, their refusals, and the data that Prefect keeps."""

import json
import re
import subprocess
import sys
import tempfile
from datetime import date, timedelta
from pathlib import Path

import pytest

from config.duration import Duration, Unit
from config.london import london_day
from flows.clock import moment
from models.rules.calendar import WorkingCalendar
from tasks.platform import postgres
from tests.extracts import a_case, a_contact, an_action, write
from tests.flows.test_daily_round import CANARY, casebeat

pytestmark = pytest.mark.prefect
RUN = """import json, sys
from importlib import import_module
module, name, given = sys.argv[1:]
getattr(import_module(module), name)(**json.loads(given))
"""
SIT = """import sys
from sqlalchemy import text
from tasks.platform.database import transaction
with transaction() as connection:
    for statement in sys.argv[1:]:
        connection.execute(text(statement))
"""


@pytest.fixture
def home(tmp_path):
    """A book of one case with two actions, on the day of the test."""
    with tempfile.TemporaryDirectory(prefix="casebeat-forms-") as made:
        early = (today() - timedelta(days=9)).isoformat()
        people = [a_contact("P1", name=f"{CANARY} Person")]
        cases = [a_case("C1", opened_on=early, risk="standard")]
        actions = [an_action(ref, "C1", raised_on=early) for ref in ("A1", "A2")]
        write(tmp_path / "night", {"contacts.csv": people, "cases.csv": cases, "actions.csv": actions},
              extracted_at=moment().isoformat())  # fmt: skip
        ran = casebeat(made, "intake", str(tmp_path / "night"))
        assert ran.returncode == 0, ran.stdout + ran.stderr
        yield Path(made)
        postgres.stop(Path(made))


def today() -> date:
    return london_day(moment())


def form(prefect, home, name, **given):
    words = [sys.executable, "-c", RUN, f"flows.{name}", name, json.dumps(given, default=str)]
    panels = {"CASEBEAT_PANELS": str(home / "panels.yaml")} if (home / "panels.yaml").exists() else {}
    return subprocess.run(words, env={**prefect.told, **panels, "CASEBEAT_HOME": str(home), "PATH": "/usr/bin:/bin"},
                          capture_output=True, text=True, check=False, timeout=120)  # fmt: skip


def test_a_form_completes_an_action_and_takes_another_on(prefect, home):
    case = {"force_code": "45", "case_ref": "C1", "by": "P1"}
    until = WorkingCalendar().plus(today(), Duration(1, Unit.WORKING_DAYS))
    done = form(prefect, home, "complete_action", **case, action_ref="A1", done_on=today())
    refused = form(prefect, home, "complete_action", **case, action_ref="A2", done_on=today() + timedelta(days=1))
    taken = form(prefect, home, "acknowledge", **case, rule="action", subject="action:A2", until=until)
    runs = prefect.runs("acknowledge action 45/C1", "complete-action A1", "complete-action A2")
    assert done.returncode == 0, done.stderr
    assert taken.returncode == 0, taken.stderr
    assert refused.returncode == 1
    assert "has not come yet" in refused.stderr
    assert runs == [
        ("acknowledge action 45/C1", "COMPLETED"),
        ("complete-action A1", "COMPLETED"),
        ("complete-action A2", "FAILED"),
    ]
    owed = [json.loads(line) for line in casebeat(home, "obligations", "--json").stdout.splitlines()]
    assert [one["subject"] for one in owed if one["rule"] == "action"] == ["action:A2"]
    told = casebeat(home, "explain", "45/C1").stdout
    assert "P1 said that action A1 was done" in told
    assert "Reason given: promised by the form, which takes no words" in told


def test_a_form_records_the_outcome_of_a_sitting_and_refuses_what_does_not_fit(prefect, home):
    ref = f"45-south-east-{today()}"
    sat = subprocess.run(
        [
            sys.executable, "-c", SIT,
            f"""insert into sittings (ref, force_code, cps_area, day, starts_at, places, minutes_per_case, chair_ref,
                place) values ('{ref}', '45', 'South East', '{today()}', '{moment()}', 12, 10, 'P1', 'Room 2')""",
            f"""insert into convenings (case_id, sitting_id, slot, due_on, deadline_on, because, convened_on)
                select c.id, s.id, 0, s.day, s.day, 'due', s.day from cases c, sittings s where s.ref = '{ref}'""",
        ],
        env={"CASEBEAT_HOME": str(home), "PATH": "/usr/bin:/bin"}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert sat.returncode == 0, sat.stderr
    asked = {"sitting_ref": ref, "force_code": "45", "case_ref": "C1", "by": "P1", "held": True, "police": True}
    action = {"kind": "CCTV", "owner": "P1", "due_on": today() + timedelta(days=7)}
    refused = form(prefect, home, "record_review", **asked, decisions=["further_actions"])
    wordy = form(prefect, home, "record_review", **asked, actions=[{**action, "kind": f"{CANARY} said so"}])
    held = form(
        prefect, home, "record_review", **asked, cps=True, decisions=["further_actions", "continue"],
        pattern="stalking", actions=[action], enquiries="gaps_found",
    )  # fmt: skip
    assert held.returncode == 0, held.stderr
    assert refused.returncode == wordy.returncode == 1
    assert "whether it attended" in refused.stderr
    assert "needs at least one action" in refused.stderr
    name = f"record-review {ref} 45/C1"
    assert prefect.runs(name) == [(name, "COMPLETED"), (name, "FAILED")], "what is free text never became a run"
    told = casebeat(home, "explain", "45/C1").stdout
    assert f"(meeting {ref}) was held, with police and CPS; decided: continue, further actions; the" in told
    owed = [json.loads(line) for line in casebeat(home, "obligations", "--json").stdout.splitlines()]
    assert f"action:JR-{ref}-C1-1" in {one["subject"] for one in owed}
    assert "outcome-unrecorded" not in {one["rule"] for one in owed}


def test_by_hand_a_force_is_convened_and_a_form_moves_a_case_to_another_sitting(prefect, home):
    (home / "panels.yaml").write_text(
        f"""panels:
  - {{force_code: "45", cps_area: South East, from: {today()}, rrule: "FREQ=WEEKLY;BYDAY=TU", starts: "10:00", cases: 2,
     minutes_per_case: 10, chair: P1, place: Room 2, horizon: 90d}}
"""
    )
    convened = form(prefect, home, "joint_reviews", force_code="45")
    assert convened.returncode == 0, convened.stderr
    (sits,) = [json.loads(line) for line in casebeat(home, "sittings", "--json").stdout.splitlines()]
    first = re.search(r"45-south-east-[0-9-]+", casebeat(home, "sittings").stdout)[0]
    assert sits["case_ref"] == "C1"
    assert sits["sitting_ref"] > first
    asked = {"force_code": "45", "case_ref": "C1", "sitting_ref": first}
    refused = form(prefect, home, "convene", **asked, by="P9")
    moved = form(prefect, home, "convene", **asked, by="P1")
    assert refused.returncode == 1
    assert "P9 is not a known contact" in refused.stderr
    assert moved.returncode == 0, moved.stderr
    assert json.loads(casebeat(home, "sittings", "--json").stdout)["sitting_ref"] == first
    assert prefect.runs("convene 45/C1", "joint-reviews force 45") == [
        ("convene 45/C1", "COMPLETED"), ("convene 45/C1", "FAILED"), ("joint-reviews force 45", "COMPLETED"),
    ]  # fmt: skip
