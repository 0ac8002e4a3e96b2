"""The forces of a round handed out: their results come from the database, whatever becomes of runs and server."""

import time
from datetime import timedelta
from threading import Thread

import pytest
from sqlalchemy import text

from config.days.london import at_london
from flows.configured import configured
from flows.round_steps import force_round
from models.queries.rounds import rounds
from models.rules.rounds import handing_out as rule
from tasks.intake.load import load_folders
from tasks.rounds import handing_out, summary
from tasks.rounds.handing_out import Handover
from tasks.servers import round_lock
from tasks.servers.database import owner_engine, transaction
from tests.support.prefect_api import PrefectApi, prefect_api
from tests.worlds.days import day
from tests.worlds.extracts import a_case, a_contact, an_action, write

TODAY = day("Tue 17 Mar 2026")
AT = at_london(TODAY)


class Runs(PrefectApi):
    """A server whose runs a worker takes, or none does: `take` gets a force and the number of its run."""

    def __init__(self, url):
        super().__init__(url)
        self.runs, self.take = {}, lambda _force_code, _attempt: "SCHEDULED"
        self.processes = []

    def work(self, run, codes, attempt):
        """Take the forces one after the other, until the process dies."""
        for code in codes:
            state = self.take(code, attempt)
            if state == "RUNNING":
                return
        self.runs[run] = state

    def answer(self, path, body):
        if path.endswith("create_flow_run"):
            self.begun.append(body)
            codes, attempt = body["parameters"]["force_codes"], body["idempotency_key"][-1]
            run = f"{'+'.join(codes)}-{attempt}"
            self.runs[run] = "RUNNING"
            self.processes.append(Thread(target=self.work, args=(run, codes, int(attempt))))
            self.processes[-1].start()
            return {"id": run}
        if path.endswith("set_state"):
            self.runs[path.split("/")[-2]] = body["state"]["type"]
            return {}
        if path.endswith("flow_runs/filter"):
            return [{"id": run, "state_type": state} for run, state in self.runs.items()]
        return {"id": "deployment", "deployment_id": "deployment"}

    def share(self, handover, **other):
        """Hand both forces out, and return what the round reads once each run has told the server its end."""
        handover = handover._replace(**other)
        return self.read(handing_out.hand_out(["45", "46"], handover), handover)

    def read(self, runs, handover):
        """The round reads a force's end in the database, which is there before its run has told the server."""
        found = handing_out.wait(runs, handover)
        for process in self.processes:
            process.join()
        return found


@pytest.fixture
def api(monkeypatch):
    """A server without a worker, and a round that soon takes a silent process for dead."""
    monkeypatch.setattr(handing_out, "EVERY", 0.02)
    monkeypatch.setattr(rule, "DIED", timedelta(seconds=0.3))
    with prefect_api(Runs) as made:
        monkeypatch.setenv("PREFECT_API_URL", made.url)
        yield made


@pytest.fixture
def handover(database, tmp_path, monkeypatch):
    """A round of two forces under way."""
    monkeypatch.setenv("CASEBEAT_CLOCK", "virtual")
    cases = [a_case("C1", opened_on="2026-03-02"), a_case("C2", opened_on="2026-03-02", force_code="46")]
    files = {"contacts.csv": [a_contact("P1")], "cases.csv": cases, "actions.csv": [an_action(raised_on="2026-03-02")]}
    folder = write(tmp_path / "extract", files, covers=["45", "46"], extracted_at="2026-03-17T05:00:00+00:00")
    assert [one.fate.value for one in load_folders(configured(), [folder], AT)] == ["loaded"]
    return Handover(AT, round_lock.begin_whole(TODAY, AT), "key", shares=2)


def rows(handover):
    with transaction() as connection:
        return rounds.begun_after(connection, handover.round_id)


def dies(code, _attempt):
    """A process that was killed after its round began."""
    round_lock.begin(configured(), code, TODAY, AT)
    return "RUNNING"


def test_the_result_of_each_force_is_that_of_its_round(api, handover):
    made = {}
    api.take = lambda code, _: made.update({code: force_round(configured(), code, TODAY, AT)}) or "COMPLETED"
    found = api.share(handover)
    assert found == made
    assert sorted(found) == ["45", "46"]
    assert found["45"].account.evaluated == 1
    assert [body["parameters"]["as_of"] for body in api.begun] == [AT.isoformat()] * 2
    assert handing_out.wait({}, handover) == {}


@pytest.mark.parametrize("broken", ["obligations", "steps"])
def test_a_force_that_fails_reads_the_same_here_and_in_another_process(handover, broken):
    """With its account, where it failed after its projection."""
    with owner_engine().begin() as connection:
        connection.execute(text(f"alter table {broken} add constraint broken check (false) not valid"))
    made = force_round(configured(), "45", TODAY, AT)
    kept = summary.force_line(rows(handover)["45"])
    assert kept == made
    assert kept.failure or kept.account.failed


def test_a_force_whose_process_died_is_begun_again_and_its_run_is_ended(api, handover):
    api.take = lambda code, attempt: (
        dies(code, attempt)
        if (code, attempt) == ("46", 1)
        else force_round(configured(), code, TODAY, AT) and "COMPLETED"
    )
    found = api.share(handover)
    assert [found[code].failure for code in ("45", "46")] == [None, None]
    assert api.runs == {"45-1": "COMPLETED", "46-1": "CRASHED", "46-2": "COMPLETED"}


def test_a_force_whose_process_dies_each_time_is_given_up_after_three(api, handover):
    api.take = lambda code, attempt: (
        dies(code, attempt) if code == "46" else force_round(configured(), code, TODAY, AT) and "X"
    )
    found = api.share(handover)
    assert (found["45"].failure, found["46"].failure) == (None, "its process died 3 times")
    assert [one for one in api.runs if one.startswith("46")] == ["46-1", "46-2", "46-3"]


def test_two_forces_of_one_run_are_worked_on_one_after_the_other(api, handover):
    api.take = lambda code, _: force_round(configured(), code, TODAY, AT) and "COMPLETED"
    found = api.share(handover, shares=1)
    assert [found[code].failure for code in ("45", "46")] == [None, None]
    assert api.runs == {"45+46-1": "COMPLETED"}


def test_a_force_that_kills_its_process_is_begun_again_alone_and_takes_no_other_with_it(api, handover):
    api.take = lambda code, attempt: (
        dies(code, attempt) if code == "45" else force_round(configured(), code, TODAY, AT) and "X"
    )
    found = api.share(handover, shares=1)
    assert (found["45"].failure, found["46"].failure) == ("its process died 3 times", None)
    assert sorted(api.runs) == ["45+46-1", "45-2", "45-3", "46-2"]


def test_a_force_that_is_begun_again_may_wait_for_a_place_without_being_taken_for_dead(api, handover):
    def take(code, attempt):
        if (code, attempt) == ("46", 1):
            return dies(code, attempt)
        time.sleep(0.9 if code == "46" else 0)  # thrice as long as a dead one is waited for
        return force_round(configured(), code, TODAY, AT) and "COMPLETED"

    api.take = take
    assert api.share(handover)["46"].failure is None
    assert [one for one in api.runs if one.startswith("46")] == ["46-1", "46-2"]


def test_a_run_that_ended_before_its_round_began_is_a_failure(api, handover):
    api.take = lambda *_: "FAILED"
    found = api.share(handover)
    assert found["45"].failure == "its run ended as Failed, and its round has no end"


def test_forces_that_no_worker_takes_are_left_to_the_round_and_their_runs_cancelled(api, handover, monkeypatch):
    monkeypatch.setattr(rule, "PATIENCE", timedelta(seconds=0.5))
    assert api.share(handover) == {}
    assert api.runs == {"45-1": "CANCELLED", "46-1": "CANCELLED"}
    assert api.share(handover, shares=1) == {}
    assert api.runs["45+46-1"] == "CANCELLED"


def test_without_an_answer_of_the_server_the_database_tells_the_end(api, handover):
    api.take = lambda code, _: force_round(configured(), code, TODAY, AT) and "COMPLETED"
    runs = handing_out.hand_out(["45", "46"], handover)
    api.cut.add("flow_runs/filter")
    assert sorted(api.read(runs, handover)) == ["45", "46"]


def test_without_a_server_or_the_deployment_nothing_is_handed_out(api, handover, monkeypatch):
    api.gone.add("force-round/force-round")
    assert handing_out.hand_out(["45"], handover) == {}
    monkeypatch.delenv("PREFECT_API_URL")
    assert handing_out.hand_out(["45"], handover) == {}
    assert handing_out.wait({"45": "run"}, handover) == {}
