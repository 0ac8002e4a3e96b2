"""An installation whose worker is killed or paused: dead runs are ended, operations are written, rounds begun again."""

import shutil
import tempfile
import time
from collections import Counter
from datetime import datetime, timedelta
from email import message_from_bytes, policy
from pathlib import Path

import pytest

from tasks.rounds.assurance import alarm, automations, zombies
from tasks.servers import work_pool
from tests.faults.ground import EIGHT, OPERATIONS, own_server
from tests.faults.installation import LOCK_WAITS, a_force_locked, flow_processes, installation, now
from tests.faults.waiting import eventually

pytestmark = [pytest.mark.prefect, pytest.mark.timeout(1_200)]
ROUND = "daily-round"


@pytest.fixture(scope="module")
def running(tmp_path_factory):
    """One installation for all of these tests, on the eve of the book's Monday."""
    folder = Path(tempfile.mkdtemp(prefix="casebeat-tests-"))  # pytest's own are closed to the user of root's server
    with own_server(folder, folder / "home") as ground, installation(ground) as made:
        yield made
    shutil.rmtree(folder)


def waits_for_the_lock(ground):
    return ground.ask(LOCK_WAITS) != [(0,)]


def a_round_under_way(running, at):
    """Begin a round; wait until it waits for a force's lock, and no alarm is under way that a kill would hold up."""
    run_id = running.run(ROUND, at)
    running.wait_for(lambda: waits_for_the_lock(running.ground))
    running.wait_for(lambda: waiting_alarms(running) == 0)
    return run_id


def subjects(running):
    mails = [message_from_bytes(each, policy=policy.default) for each in running.ground.mail.accepted]
    found = [str(mail["Subject"]) for mail in mails if OPERATIONS in str(mail["To"])]
    return [one.partition(": ")[2] for one in found]


def assure(running, at):
    process = running.ground.begin(assure_at=at, watched=False)
    ended = process.join(), process.said
    running.log.append(process.said)
    return ended


def audited_by_prefect(running, at):
    """Run the deployment of the auditor, and return its state and message."""
    run_id = running.run("assurance", at)
    running.wait_for(lambda: running.state(run_id) in {"Completed", "Failed"})
    found = running.api.ask("GET", f"flow_runs/{run_id}")["state"]
    return found["name"], found["message"]


def rounds_of(running, at):
    return running.ground.ask("select count(*) from rounds where day = %s and force_code = '45'", (at.date(),))[0][0]


def set_schedule(running, deployment, *, active):
    found = running.api.ask("GET", f"deployments/name/{deployment}/{deployment}")
    for one in found["schedules"]:
        running.api.ask("PATCH", f"deployments/{found['id']}/schedules/{one['id']}", {"active": active})


def test_automations_made_twice_are_there_once_and_one_that_was_switched_off_stays_off(running):
    made = running.api.ask("POST", "automations/filter", {})
    off = made[0]
    running.api.ask("PATCH", f"automations/{off['id']}", {"enabled": False})
    number = automations.apply(running.api)
    again = running.api.ask("POST", "automations/filter", {})
    assert sorted(one["name"] for one in again) == sorted(one["name"] for one in made)
    assert len(again) == number
    assert [one["enabled"] for one in again if one["id"] == off["id"]] == [False]
    running.api.ask("PATCH", f"automations/{off['id']}", {"enabled": True})


def test_while_a_person_has_paused_the_round_or_the_pool_it_is_not_begun_and_operations_read_why(running):
    set_schedule(running, ROUND, active=False)
    code, said = assure(running, EIGHT)
    assert (code, rounds_of(running, EIGHT)) == (1, 0)
    assert f"{ROUND} is paused" in said
    assert "the round of Mon 23 Mar 2026 has not begun" in said
    state, message = audited_by_prefect(running, EIGHT)
    assert (state, message.startswith(alarm.FOUND)) == ("Failed", True)
    assert f"{ROUND} is paused" in message
    set_schedule(running, ROUND, active=True)
    work_pool.pause(running.api, paused=True)
    code, said = assure(running, EIGHT + timedelta(minutes=1))
    assert (code, rounds_of(running, EIGHT)) == (1, 0)
    assert "the work pool is paused" in said
    work_pool.pause(running.api, paused=False)
    assert any("is paused" in one or "fault" in one for one in subjects(running))


def test_a_round_that_nobody_began_is_begun_as_a_run_of_its_deployment(running):
    code, said = assure(running, EIGHT + timedelta(minutes=2))
    assert code == 1
    assert "today's round had no good end, and was begun again" in said
    asked = {"flow_runs": {"name": {"any_": [f"{ROUND} {EIGHT:%Y-%m-%d}"]}}}
    seconds = running.wait_for(
        lambda: [one["state_name"] for one in running.api.ask("POST", "flow_runs/filter", asked)]
    )
    running.wait_for(lambda: assure(running, EIGHT + timedelta(minutes=9))[0] == 0)
    assert seconds < 60
    assert "All is well again" in subjects(running)
    assert audited_by_prefect(running, EIGHT + timedelta(minutes=10))[0] == "Completed"
    assert not any(one.startswith("assurance is") for one in subjects(running)), "its findings are a mail of their own"


def test_what_no_other_mail_tells_of_a_run_reaches_operations_once_in_four_hours(running, monkeypatch, tmp_path):
    wait_within(running, monkeypatch, tmp_path, 10)  # Prefect takes no less
    at, ground, before = EIGHT + timedelta(minutes=20), running.ground, len(subjects(running))
    assert ground.begin("outbox", "--hold", watched=False).join() == 0
    run_id = running.run(ROUND, at)
    running.wait_for(lambda: running.state(run_id) == "Degraded")
    assert ground.begin("outbox", "--release", watched=False).join() == 0
    with a_force_locked(ground):
        run_id = a_round_under_way(running, at)
        state = {"type": "FAILED", "name": "TimedOut", "message": "as at its limit, which is hours away"}
        running.api.ask("POST", f"flow_runs/{run_id}/set_state", {"state": state, "force": True})
    running.wait_for(lambda: f"{ROUND} is stopped: it took too long" in subjects(running)[before:])
    running.wait_for(lambda: not flow_processes(ground.home))
    running.kill("worker")
    running.worker.process.wait()
    run_id = running.run(ROUND, at)
    eventually(lambda: running.state(run_id) == "Late")
    eventually(lambda: running.api.ask("GET", f"work_pools/{work_pool.POOL}")["status"] == "NOT_READY")
    eventually(lambda: waiting_alarms(running) == 2)
    running.wait_for(lambda: running.state(run_id) in {"Completed", "Degraded"})
    running.wait_for(lambda: waiting_alarms(running) == 0)
    found = subjects(running)[before:]
    expected = Counter([f"{ROUND} is stopped: it took too long", f"{ROUND} is late by five minutes"])
    assert Counter(one for one in found if one.startswith(ROUND)) == expected, found
    assert subjects(running).count(f"work pool {work_pool.POOL} is without a worker") == 1


def wait_within(running, monkeypatch, tmp_path, seconds):
    """Make the automations from a copy of the file in which a late run is written to operations sooner."""
    copied = tmp_path / automations.FILE.name
    text = automations.FILE.read_text("utf-8")
    copied.write_text(text.replace("within: 300", f"within: {seconds}"), "utf-8")
    with monkeypatch.context() as instead:
        instead.setattr(automations, "FILE", copied)
        automations.apply(running.api)


def waiting_alarms(running):
    """The number of runs of tell-operations that have not ended."""
    states = {"state": {"type": {"any_": ["SCHEDULED", "PENDING", "RUNNING"]}}}
    asked = {"deployments": {"name": {"any_": ["tell-operations"]}}, "flow_runs": states}
    return running.api.ask("POST", "flow_runs/count", asked)


def test_a_run_killed_with_its_worker_is_crashed_within_two_minutes_and_is_the_fault_that_was_told(running):
    at = EIGHT + timedelta(hours=1)
    with a_force_locked(running.ground):
        run_id = a_round_under_way(running, at)
        worker = running.worker.process
        running.kill("worker"), running.kill("flow")
        killed = time.monotonic()
        worker.wait()
        while running.state(run_id) != "Crashed":
            assert time.monotonic() - killed < 120, running.state(run_id)
            time.sleep(0.5)
        print(f"crashed by the automation after {time.monotonic() - killed:.0f} s")  # noqa: T201
    again = running.run(ROUND, at)
    running.wait_for(lambda: running.state(again) in {"Completed", "Degraded"})
    running.wait_for(lambda: waiting_alarms(running) == 0)
    assert f"{ROUND} is Crashed" not in subjects(running)


def test_before_a_worker_starts_dead_runs_are_ended_at_once_and_living_ones_never(running):
    at = EIGHT + timedelta(hours=2)
    with a_force_locked(running.ground):
        run_id = a_round_under_way(running, at)
        assert zombies.end_zombies(running.api, now()) == 0
        assert zombies.end_zombies(running.api, now(), before_worker=True) == 0
        running.kill("worker"), running.kill("flow")
        running.worker.process.wait()
        assert zombies.end_zombies(running.api, now(), before_worker=True) == 1
        assert running.state(run_id) == "Crashed"
    again = running.run(ROUND, at)
    running.wait_for(lambda: running.state(again) in {"Completed", "Degraded"})


def test_a_run_that_may_be_on_another_machine_is_dead_only_after_five_minutes_of_silence(running):
    at = EIGHT + timedelta(hours=2)
    body = {"name": "elsewhere"}
    running.api.ask("POST", f"work_pools/{work_pool.POOL}/workers/heartbeat", body)
    with a_force_locked(running.ground):
        run_id = a_round_under_way(running, at)
        running.kill("worker"), running.kill("flow")
        running.worker.process.wait()
        assert zombies.end_zombies(running.api, now(), before_worker=True) == 0
        assert zombies.end_zombies(running.api, now() + zombies.SILENT) == 1
        assert running.state(run_id) == "Crashed"
    running.api.ask("DELETE", f"work_pools/{work_pool.POOL}/workers/elsewhere")


def test_runs_that_fail_again_write_no_second_mail_of_what_was_told(running):
    refused = datetime(2026, 3, 2, 8, tzinfo=EIGHT.tzinfo)  # before the last round
    told = "tell-operations"
    asked = {"deployments": {"name": {"any_": [told]}}, "flow_runs": {"state": {"type": {"any_": ["COMPLETED"]}}}}
    running.wait_for(lambda: waiting_alarms(running) == 0)
    before = running.api.ask("POST", "flow_runs/count", asked)
    for _ in range(2):
        run_id = running.run(ROUND, refused)
        running.wait_for(lambda run_id=run_id: running.state(run_id) == "Failed")
    running.wait_for(lambda: running.api.ask("POST", "flow_runs/count", asked) >= before + 2)
    running.wait_for(lambda: waiting_alarms(running) == 0)
    assert f"{ROUND} is Failed" not in subjects(running)
