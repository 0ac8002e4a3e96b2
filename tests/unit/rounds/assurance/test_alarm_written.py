"""An alarm of Prefect's: about what it is, how often it is written, and that it leaves at once."""

from contextlib import nullcontext
from datetime import UTC, datetime, timedelta

import pytest

from flows.configured import configured
from models.queries.outbox import outbox
from tasks.platform import told
from tasks.rounds.assurance import alarm
from tasks.rounds.assurance.kept_audit import KeptAudit
from tasks.servers.prefect_api import Api

AT = datetime(2026, 3, 17, 23, 30, tzinfo=UTC)
PAGES = "https://prefect.surrey.police.uk"
STATE = "prefect.flow-run.Crashed"


class World:
    """What Prefect's API tells of a run, what was written, and when messages left."""

    def __init__(self):
        self.answers = {"flow_runs/r": {"deployment_id": "d", "state": {"message": "x"}}}
        self.answers["deployments/d"] = {"name": "delivery"}
        self.written, self.left, self.known, self.taken, self.audit, self.switches = [], [], False, 1, None, {}

    def operations(self, _, key, day, text, *__):
        self.written.append((key, day, text))
        return self.taken

    def write(self, event=STATE, run="r"):
        """Write it, and return its key and text; None where nothing is written."""
        written, before = alarm.write(configured(), event, run, AT), len(self.left)
        assert (before == 0) is not written
        self.left.clear()
        return self.written.pop() if self.written else None


@pytest.fixture
def world(monkeypatch):
    made = World()
    put = monkeypatch.setattr
    monkeypatch.setenv("PREFECT_API_URL", f"{PAGES}/api")
    put(Api, "ask", lambda _, __, path: made.answers.get(path))
    put(alarm, "transaction", nullcontext)
    put("models.queries.rounds.assurance.alone", lambda _: None)
    put("models.queries.rounds.rounds.switch", lambda _, name: made.switches.get(name))
    put("models.queries.rounds.rounds.set_switch", lambda _, name, value, __: made.switches.update({name: value}))
    put("tasks.rounds.assurance.kept_audit.read", lambda _: made.audit)
    put("models.queries.rounds.assurance.alarmed", lambda *_: made.known)
    put("models.queries.outbox.digests.operations", made.operations)
    put(alarm, "deliver", lambda _, at, *, alarms_only: made.left.append((at, alarms_only)))
    return made


def test_a_run_is_named_by_its_deployment_with_its_page(world):
    key, day, text = world.write()
    assert (key, day.isoformat()) == (f"{outbox.ALARM}delivery:Crashed:r", "2026-03-17")
    assert text.startswith("delivery is Crashed\n\nx\nSeverity: ticket (in working hours).\n")
    assert f"Its run: {PAGES}/runs/flow-run/r\n" in text
    assert 'More: docs/operate.md, "A run that ended badly"\n' in text


@pytest.mark.parametrize(
    ("event", "words"),
    [
        ("prefect.flow-run.Late", "late by five minutes"), ("prefect.flow-run.TimedOut", "stopped: it took too long"),
        ("prefect.flow-run.Failed", "Failed"),
    ],
)  # fmt: skip
def test_a_state_is_told_in_words(world, event, words):
    assert world.write(event)[2].startswith(f"delivery is {words}\n")


def test_a_pool_without_a_worker_has_its_own_page_and_the_moment_in_its_key(world):
    key, _, text = world.write("prefect.work-pool.not-ready", None)
    assert key == f"{outbox.ALARM}work pool casebeat:not-ready:{AT.isoformat()}"
    assert text.startswith("work pool casebeat is without a worker\n")
    assert f"Its page: {PAGES}/work-pools/work-pool/casebeat\n" in text


@pytest.mark.parametrize("ours", ["http://127.0.0.1:4200/api", "http://localhost:4200/api"])
def test_no_page_is_linked_that_opens_on_the_machine_alone(world, monkeypatch, ours):
    monkeypatch.setenv("PREFECT_API_URL", ours)
    assert "Its run, in the Prefect UI: /runs/flow-run/r\n" in world.write()[2]
    monkeypatch.setenv("PREFECT_UI_URL", PAGES)
    assert f"Its run: {PAGES}/runs/flow-run/r\n" in world.write()[2]


@pytest.mark.parametrize("about", [{}, None, {"deployment_id": None, "state": None}, {"deployment_id": "gone"}])
def test_a_run_of_no_known_deployment_is_a_run(world, about):
    world.answers["flow_runs/r"] = about
    assert world.write()[2].startswith("a run is Crashed\n")


def test_the_same_of_a_deployment_is_not_written_again_while_it_is_known(world):
    world.known = True
    assert world.write() is None


def test_one_that_was_written_before_does_not_leave_again(world):
    world.taken = 0
    assert alarm.write(configured(), STATE, "r", AT) is False
    assert world.left == []


def test_what_leaves_is_alarms_alone_and_at_once(world):
    assert alarm.write(configured(), STATE, "r", AT) is True
    assert world.left == [(AT, True)]


@pytest.mark.parametrize(
    ("name", "event", "message", "written"),
    [
        ("assurance", "x.Failed", f"{alarm.FOUND}y", False), ("assurance", "x.Failed", "y", True),
        ("assurance", "x.Failed", None, True), ("assurance", "x.Crashed", f"{alarm.FOUND}y", True),
        ("delivery", "x.Failed", f"{alarm.FOUND}y", True), ("force-round", "x.Crashed", None, False),
        ("daily-round", "x.Failed", "Not done: source cms is late", False),
        ("daily-round", "x.Degraded", "To look at: 1 case could not be evaluated", False),
        ("daily-round", "x.Failed", "Not done: word to operations failed (X)", True),
        ("daily-round", "x.Failed", "Flow run encountered an exception: Refuse: the clock", True),
        ("daily-round", "x.Crashed", "No heartbeat for 90 seconds.", True),
        ("intake", "x.Failed", "extract 1 of source cms was refused", False),
        ("intake", "x.Degraded", "rows rejected 2", True),
        ("delivery", "x.Degraded", "the carrier is down", False),
    ],
)  # fmt: skip
def test_what_another_reports_is_not_written_again(world, name, event, message, written):
    world.answers["deployments/d"] = {"name": name}
    world.answers["flow_runs/r"]["state"] = {"message": message}
    assert (world.write(event) is not None) is written


def test_a_round_that_died_is_written_by_the_auditor_where_it_looks(world):
    world.answers["deployments/d"] = {"name": "daily-round"}
    world.audit = KeptAudit(AT - timedelta(minutes=4))
    assert world.write() is None
    world.answers["flow_runs/r"]["state"] = {"message": None}
    assert world.write("x.Failed") is not None, "that is no death, which the auditor sees"
    world.audit = KeptAudit(AT - timedelta(minutes=16))
    world.switches.clear()
    assert world.write() is not None


@pytest.mark.parametrize(("event", "run", "faults"), [
    ("prefect.work-pool.not-ready", None, ["worker"]), ("prefect.flow-run.Late", "r", ["late"]),
    ("prefect.flow-run.Failed", "r", ["refused", "round"]),
])  # fmt: skip
def test_what_the_auditor_finds_too_is_one_fault_whoever_is_first(world, event, run, faults):
    world.answers["deployments/d"] = {"name": "daily-round"}
    world.answers["flow_runs/r"]["state"] = {"message": "Flow run encountered an exception: Refuse: the clock"}
    assert world.write(event, run) is not None
    assert [key for key in sorted(told.read(None)) if not key.startswith("run:")] == faults
    assert world.write(event, run) is None


def test_one_cause_that_ends_several_deployments_is_one_mail_in_four_hours(world):
    world.answers["flow_runs/r"]["state"] = {"message": "Flow run encountered an exception: Refuse: Tue is before"}
    assert world.write("x.Failed") is not None
    world.answers["deployments/d"] = {"name": "intake"}
    assert world.write("x.Failed") is None
    world.answers["flow_runs/r"]["state"] = {"message": "Flow run encountered an exception: OSError: full"}
    assert world.write("x.Failed") is not None


def test_what_a_wrong_clock_refuses_is_the_fault_of_a_round_that_is_refused(world):
    refused = "Refuse: Tue 17 Mar 2026 is before force 45's last round (Wed 18 Mar 2026): nothing was done."
    world.answers["flow_runs/r"]["state"] = {"message": f"Flow run encountered an exception: {refused}"}
    assert "To do: Put right what the sentence names, as the machine's clock" in world.write("x.Failed")[2]
    assert told.read(None)["refused"].elsewhere, "so that the auditor does not tell it again"
