"""The colour of a run says what happened, its message and its log say to what."""

import json
import tempfile
from pathlib import Path

import pytest

from tasks.servers import postgres
from tests.flows.forms import RUN
from tests.support import preloaded
from tests.support.casebeat import casebeat
from tests.support.prepared import prepare
from tests.worlds.extracts import a_case, a_contact, write

pytestmark = pytest.mark.prefect
FILES = {"contacts.csv": [a_contact("P1")], "cases.csv": [a_case("C1", opened_on="2026-03-02")]}
TUESDAY = "2026-03-17T05:00:00+00:00"


@pytest.fixture
def home():
    with tempfile.TemporaryDirectory(prefix="casebeat-states-") as made:
        prepare(Path(made))
        (Path(made) / "drop").mkdir()
        yield Path(made)
        postgres.stop(Path(made))


def mine(prefect):
    """The test's runs, first to last."""
    found = [run for run in prefect.asked("flow_runs/filter") if run["id"] not in prefect.before]
    return sorted(found, key=lambda run: run["created"])


def states(prefect):
    """The test's runs, first to last: name, type and name of state, message."""
    return [(run["name"], run["state_type"], run["state_name"], run["state"]["message"]) for run in mine(prefect)]


def of_mine(prefect):
    return {"flow_run_id": {"any_": [run["id"] for run in mine(prefect)]}}


def artifacts(prefect):
    return [one["key"] for one in prefect.asked("artifacts/filter", artifacts=of_mine(prefect))]


def logged(prefect):
    return [line["message"] for line in prefect.asked("logs/filter", logs=of_mine(prefect))]


def flow(prefect, home, name):
    given = {"CASEBEAT_HOME": str(home), "CASEBEAT_DROP": str(home / "drop"), "CASEBEAT_CLOCK": "virtual"}
    call = json.dumps([(f"flows.{name}", name, {"as_of": "2026-03-17T06:30:00+00:00"})])
    return preloaded.run(RUN, call, env={**prefect.told, **given, "PATH": "/usr/bin:/bin"}, within=120)


def test_a_round_is_red_until_every_case_was_looked_at_and_one_force_is_not_the_day(prefect, home):
    def run(*more):
        return casebeat(home, "run", "--as-of", "2026-03-17", *more, CASEBEAT_DROP=str(home / "drop"), **prefect.told)

    empty = run()
    write(home / "drop" / "1", FILES, extracted_at=TUESDAY)
    full, alone = run(), run("--force", "45")
    assert (empty.returncode, full.returncode, alone.returncode) == (1, 0, 0), empty.stderr + full.stderr + alone.stderr
    assert "Traceback" not in empty.stderr
    (_, *first, why), (_, *second, whole), (_, *third, only) = states(prefect)
    assert (first, second, third) == (["FAILED", "Failed"], ["COMPLETED", "Completed"], ["COMPLETED", "Completed"])
    assert why.startswith("Not done: the book has no case: ")
    assert whole == "Every open case was looked at: 1 case of 1 force, with every feed in"
    assert only == "Force 45 alone: every open case was looked at (1), with every feed in"
    made = artifacts(prefect)
    assert [made.count(key) for key in ("daily-round", "daily-round-force")] == [2, 1]
    assert any(line.startswith("project 45: force 45: 1 of 1 case evaluated (1 now") for line in logged(prefect))
    assert any(line.startswith("chase 45: force 45: ") for line in logged(prefect))


def test_a_refused_intake_is_red_and_names_the_extract(prefect, home):
    write(home / "drop" / "1", FILES, rows={"cases.csv": 9}, extracted_at=TUESDAY)
    flow(prefect, home, "intake")
    write(home / "drop" / "2", FILES, number=2, extracted_at=TUESDAY)
    flow(prefect, home, "intake")
    (_, *first, why), (_, *second, then) = states(prefect)
    assert (first, second) == (["FAILED", "Failed"], ["COMPLETED", "Degraded"])
    assert why.startswith("extract niche-45-1 of source niche-45 was refused: cases.csv")
    assert then == "extracts loaded 1, loaded before 0, refused 1 (niche-45-1 of niche-45); rows rejected 0"
