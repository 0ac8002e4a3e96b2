"""A round that waits for the forces that it handed out, second by second, by a clock that only waiting moves."""

import time
from contextlib import nullcontext
from datetime import UTC, datetime
from types import SimpleNamespace

import psycopg2
import pytest

from models.queries.rounds.rounds import RoundAfter
from tasks.rounds import handing_out
from tasks.rounds.handing_out import Handover
from tasks.rounds.verdict import ForceLine
from tasks.servers.prefect_api import Api

AT = datetime(2026, 3, 17, 6, tzinfo=UTC)
HANDOVER = Handover(AT, 7, "key", shares=2)


class World:
    """The server's runs, the rows and locks of the database, and what happens in some second."""

    def __init__(self):
        self.began = self.now = time.monotonic()
        self.states, self.rows, self.held, self.plan = {"r1": "SCHEDULED"}, {}, set(), {}
        self.begun, self.set, self.ids = [], [], iter(("r2", "r3", "r4"))
        self.away = self.broken = None
        self.silent = False

    @property
    def second(self):
        return round(self.now - self.began)

    def sleep(self, seconds):
        self.now += seconds
        assert self.second < 1000, "it waits for ever"
        self.plan.get(self.second, lambda: None)()

    def ask(self, _, path, body=None):
        if path.endswith("filter"):
            if self.away:
                raise self.away
            if self.silent:
                return None
            return [{"id": run, "state_type": self.states.get(run)} for run in body["flow_runs"]["id"]["any_"]
                    if run in self.states]  # fmt: skip
        if path.endswith("set_state"):
            self.set.append((path.split("/")[-2], body["state"]["type"], body["state"]["name"], body["force"]))
            return None
        if path.endswith("create_flow_run"):
            self.begun.append(body)
            run = next(self.ids)
            self.states[run] = "SCHEDULED"
            return {"id": run}
        return {"id": "d", "deployment_id": "d"}

    def row(self, code, number=8, ended=False, failure=None):
        self.rows[code] = RoundAfter(code, number, ended, {}, failure)

    def read(self, *_):
        if self.broken:
            raise self.broken
        return dict(self.rows)

    def shares(self):
        """The forces of each run that was begun, with the key that makes it once."""
        return [(one["parameters"]["force_codes"], one["idempotency_key"]) for one in self.begun]


@pytest.fixture
def world(monkeypatch):
    made = World()
    monkeypatch.setattr(handing_out, "time", SimpleNamespace(monotonic=lambda: made.now, sleep=made.sleep))
    monkeypatch.setattr(handing_out, "transaction", nullcontext)
    monkeypatch.setattr("models.queries.rounds.rounds.begun_after", made.read)
    monkeypatch.setattr(
        "models.queries.rounds.rounds.held", lambda _, codes: [code for code in codes if code in made.held]
    )
    monkeypatch.setattr("models.queries.rounds.rounds.open_cases", lambda _, codes: dict.fromkeys(codes, 1))
    monkeypatch.setattr(Api, "of_environment", lambda: made)
    return made


def waited(**runs):
    return handing_out.wait({code.removeprefix("f"): run for code, run in runs.items()}, HANDOVER)


def line(code, failure=None):
    return ForceLine(code, None, 0, 0, 0, failure)


def test_an_end_in_the_database_is_the_result_whatever_the_run_is_in(world):
    world.plan = {3: lambda: world.row("45", ended=True), 5: lambda: world.row("46", ended=True, failure="OSError")}
    world.states = {"r1": "RUNNING", "r2": "CRASHED"}
    world.row("46", ended=True, failure="OSError")
    assert waited(f45="r1", f46="r2") == {"45": line("45"), "46": line("46", "OSError")}
    assert (world.second, world.begun, world.set) == (3, [], [])


def test_forces_that_no_worker_takes_for_two_minutes_are_taken_back_and_their_run_is_cancelled_once(world):
    assert waited(f45="r1", f46="r1") == {}
    assert (world.set, world.second) == ([("r1", "CANCELLED", "Cancelled", True)], 121)


@pytest.mark.parametrize("how", ["away", "unknown", "nothing"])
def test_a_run_that_the_server_does_not_show_is_not_cancelled(world, how):
    world.states, world.away = {}, ConnectionError() if how == "away" else None
    world.silent = how == "nothing"
    assert waited(f45="r1") == {}
    assert world.set == []


def test_a_force_that_ends_in_the_second_in_which_its_run_is_taken_back_is_read(world):
    world.plan = {121: lambda: world.row("46", ended=True)}
    assert waited(f45="r1", f46="r1") == {"46": line("46")}


def test_while_one_force_is_under_way_the_others_are_waited_for(world):
    world.states["r9"] = "RUNNING"
    world.plan = {400: lambda: world.row("46", ended=True)}
    assert waited(f45="r1", f46="r9") == {"46": line("46")}
    assert world.second == 400 + 120, "and two minutes longer than the last one was seen under way"


def test_a_lock_that_is_held_shows_that_a_force_is_under_way(world):
    world.states, world.away, world.held = {}, ConnectionError(), {"46"}
    world.row("46")
    world.plan = {300: lambda: world.row("46", ended=True)}
    assert waited(f45="r1", f46="r9") == {"46": line("46")}
    assert world.second > 300


def test_a_round_without_an_end_or_a_lock_is_begun_again_after_ten_seconds(world):
    world.states["r1"] = "RUNNING"
    world.row("45")
    world.plan = {15: lambda: world.row("45", 9, ended=True)}
    assert waited(f45="r1") == {"45": line("45")}
    assert world.set == [("r1", "CRASHED", "Crashed", True)]
    assert world.shares() == [(["45"], "key 45 2")]
    assert world.begun[0]["parameters"]["as_of"] == AT.isoformat()
    assert (world.begun[0]["state"], "casebeat" in world.begun[0]["tags"]) == ({"type": "SCHEDULED"}, True)


def test_ten_seconds_count_from_the_last_change(world):
    world.states["r1"] = "RUNNING"
    world.row("45")
    world.held = {"45"}
    world.plan = {8: world.held.clear, 17: lambda: world.row("45", ended=True)}
    assert waited(f45="r1") == {"45": line("45")}
    assert world.begun == []


def test_a_round_that_begins_is_a_change_too(world):
    world.states["r1"] = "RUNNING"
    world.plan = {8: lambda: world.row("45"), 17: lambda: world.row("45", ended=True)}
    assert waited(f45="r1") == {"45": line("45")}
    assert world.begun == []


def test_a_crashed_run_is_begun_again_twice_and_then_given_up(world):
    world.states["r1"] = "CRASHED"
    world.plan = {second: lambda: world.states.update(r2="CRASHED") for second in (5,)}
    world.plan[9] = lambda: world.states.update(r3="CRASHED")
    assert waited(f45="r1") == {"45": line("45", "its process died 3 times")}
    assert world.shares() == [(["45"], "key 45 2"), (["45"], "key 45 3")]
    assert world.set == [], "they are CRASHED already"


@pytest.mark.parametrize(
    ("state", "name"), [("FAILED", "Failed"), ("CANCELLED", "Cancelled"), ("COMPLETED", "Completed")]
)
def test_a_run_that_is_over_without_an_end_of_its_round_is_lost(world, state, name):
    world.states["r1"] = state
    assert waited(f45="r1") == {"45": line("45", f"its run ended as {name}, and its round has no end")}
    assert world.set == []


def test_a_force_that_is_begun_again_may_wait_for_a_place_although_its_first_round_has_no_end(world):
    world.states["r1"] = "RUNNING"
    world.row("45", 8)
    world.plan = {100: lambda: world.row("45", 9, ended=True)}
    assert waited(f45="r1") == {"45": line("45")}
    assert len(world.begun) == 1


def test_its_second_round_is_watched_as_the_first_was(world):
    world.states["r1"] = "RUNNING"
    world.row("45", 8)
    world.plan = {
        12: lambda: (world.states.update(r2="RUNNING"), world.row("45", 9)),
        40: lambda: world.row("45", 10, ended=True),
    }
    assert waited(f45="r1") == {"45": line("45")}
    assert world.shares() == [(["45"], "key 45 2"), (["45"], "key 45 3")]


def test_after_it_is_begun_again_a_place_is_waited_for_two_minutes_more(world):
    world.plan = {60: lambda: world.states.update(r1="CRASHED")}
    assert waited(f45="r1") == {}
    assert (world.second, world.set) == (180, [("r2", "CANCELLED", "Cancelled", True)])


def test_what_began_is_begun_again_alone_what_did_not_together_and_what_ended_not_at_all(world):
    for code in ("44", "45"):
        world.row(code)
    world.row("46", ended=True)
    world.states["r1"] = "CRASHED"
    world.plan = {
        3: lambda: [world.row(code, 9, ended=True) for code in ("44", "45", "47", "48")],
    }
    found = waited(f44="r1", f45="r1", f46="r1", f47="r1", f48="r1", f49="r9")
    assert sorted(found) == ["44", "45", "46", "47", "48"]
    assert world.shares() == [(["44"], "key 44 2"), (["45"], "key 45 2"), (["47", "48"], "key 47 2")]


def test_a_database_that_is_away_is_waited_for_and_another_fault_is_raised(world):
    world.broken = psycopg2.OperationalError()
    world.row("45", ended=True)
    world.plan = {20: lambda: setattr(world, "broken", None)}
    assert waited(f45="r1") == {"45": line("45")}
    assert world.second == 20
    world.broken = ZeroDivisionError()
    with pytest.raises(ZeroDivisionError):
        waited(f46="r1")


def test_without_a_server_nothing_is_handed_out_or_waited_for(world, monkeypatch):
    assert handing_out.hand_out(["45", "46"], HANDOVER) == {"45": "r2", "46": "r3"}
    assert world.shares() == [(["45"], "key 45 1"), (["46"], "key 46 1")]
    monkeypatch.setattr(world, "ask", lambda *_: None)
    assert handing_out.hand_out(["45"], HANDOVER) == {}, "no deployment"
    monkeypatch.setattr(world, "ask", lambda method, *_: {"id": "d"} if method == "GET" else None)
    with pytest.raises(ConnectionError):
        handing_out.hand_out(["45"], HANDOVER)
    monkeypatch.setattr(Api, "of_environment", lambda: None)
    assert handing_out.hand_out(["45"], HANDOVER) == {}
    assert waited(f45="r1") == {}
