"""The forces of a round, handed out: they are divided among runs on the pool, which any worker takes on any machine."""

import time
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from models.errors import database_fault
from models.queries.rounds import rounds
from models.queries.rounds.rounds import RoundAfter
from models.rules.rounds.handing_out import ForceSeen, Next, divide, next_step
from tasks.rounds import summary
from tasks.rounds.verdict import ForceLine
from tasks.servers.database import transaction
from tasks.servers.prefect_api import Api

FORCE_ROUND = "force-round"
EVERY = 1.0  # seconds between two looks
_UNDER_WAY = frozenset({"PENDING", "RUNNING", "CANCELLING"})
_ABOUT = {"tags": ["casebeat", "handed-out"]}


class Handover(NamedTuple):
    """What the forces of a round are handed out with: the round's moment and number, and the key and number of runs."""

    at: datetime
    round_id: int
    key: str
    shares: int


@dataclass
class _Handed:
    """A force whose end the round waits for."""

    force_code: str
    run_id: str
    attempt: int = 1
    before: int = 0  # the round that a run before the present one began, and left without an end
    state: str | None = "SCHEDULED"
    seen: tuple[Any, ...] = ()
    since: float = field(default_factory=time.monotonic)  # when it was last seen to change


def hand_out(force_codes: Sequence[str], handover: Handover) -> dict[str, str]:
    """Begin the runs, and return their ids by force code; empty where Prefect's server has no such deployment.

    The same handover gives the same runs. Raises OSError as `Api.ask` does.
    """
    api = Api.of_environment()
    found = api.ask("GET", f"deployments/name/{FORCE_ROUND}/{FORCE_ROUND}") if api else None
    if api is None or found is None:
        return {}
    with transaction() as connection:
        work = rounds.open_cases(connection, force_codes)
    runs = {share: _begin(api, found["id"], share, 1, handover) for share in divide(work, handover.shares)}
    return {code: run for share, run in runs.items() for code in share}


def wait(runs: Mapping[str, str], handover: Handover) -> dict[str, ForceLine]:
    """Wait for the end of each force's round, and return its result. Those that no worker took are missing in it.

    One whose process died is begun again, at most three times in all: alone, if its round had begun, so that a force
    that kills its process takes no other with it. Results come from the database alone.
    """
    api = Api.of_environment()
    return _Waiting(api, handover, {code: _Handed(code, run) for code, run in runs.items()}).ends() if api else {}


@dataclass
class _Waiting:
    """The forces that have no end yet, and the results of those that have."""

    api: Api
    handover: Handover
    handed: dict[str, _Handed]
    lines: dict[str, ForceLine] = field(default_factory=dict)
    rows: dict[str, RoundAfter] = field(default_factory=dict)
    held: frozenset[str] = frozenset()
    alive: float = field(default_factory=time.monotonic)  # when a force was last seen to be under way

    def ends(self) -> dict[str, ForceLine]:
        """Look until nothing is waited for."""
        while self.handed:
            time.sleep(EVERY)
            self._look_at_runs()
            self._look_at_rounds()
            for one in list(self.handed.values()):
                with suppress(OSError):  # the server is away: the next look tries again
                    if one.force_code in self.handed:
                        self._act(one, next_step(self._seen(one)))
        return self.lines

    def _look_at_runs(self) -> None:
        """Read the states of the runs, before the rows: a run that has ended has written its round's end."""
        asked = {"flow_runs": {"id": {"any_": sorted({one.run_id for one in self.handed.values()})}}}
        states: dict[str, str] = {}
        with suppress(OSError):
            states = {run["id"]: run["state_type"] for run in self.api.ask("POST", "flow_runs/filter", asked) or ()}
        for one in self.handed.values():
            one.state = states.get(one.run_id)

    def _look_at_rounds(self) -> None:
        try:
            with transaction() as connection:
                self.rows = rounds.begun_after(connection, self.handover.round_id)
                self.held = frozenset(rounds.held(connection, list(self.handed)))
        except Exception as error:
            if not database_fault(error):
                raise
            return  # it is away: whatever is under way will be seen when it is back
        under_way = {one.force_code for one in self.handed.values() if one.state in _UNDER_WAY}
        if under_way | self.held:
            self.alive = time.monotonic()

    def _seen(self, one: _Handed) -> ForceSeen:
        now, row, running = time.monotonic(), self.rows.get(one.force_code), one.force_code in self.held
        began = self._began(one)
        seen = (one.run_id, one.state, row.id if row else None, running)
        if seen != one.seen:
            one.seen, one.since = seen, now
        return ForceSeen(
            one.attempt,
            one.state,
            began=began,
            ended=self._has_ended(one),
            running=running,
            unchanged=timedelta(seconds=now - one.since),
            idle=timedelta(seconds=now - self.alive),
        )

    def _act(self, one: _Handed, step: Next) -> None:
        """Take a step about one force. Raises OSError as `Api.ask` does; it is then taken at the next look."""
        if step is Next.WAIT:
            return
        if step is Next.AGAIN:
            self._again(one)
            return
        if step is Next.READ:
            self.lines[one.force_code] = summary.force_line(self.rows[one.force_code])
        elif step is Next.LOST:
            self.lines[one.force_code] = _lost(one)
        else:
            self._take_back(one)
            return
        del self.handed[one.force_code]

    def _take_back(self, one: _Handed) -> None:
        """Leave to the round all that no worker has taken of a run."""
        if one.state is not None:
            _set_state(self.api, one.run_id, "CANCELLED", "No worker took it: the round runs its forces itself.")
        for each in self._of_run(one):
            if next_step(self._seen(each)) is Next.HERE:
                del self.handed[each.force_code]

    def _again(self, one: _Handed) -> None:
        """Begin again all that a run has left."""
        if one.state != "CRASHED":
            _set_state(self.api, one.run_id, "CRASHED", "Its round has no end, and no process holds its force's lock.")
        deployment = self.api.ask("GET", f"flow_runs/{one.run_id}")["deployment_id"]
        left = [each for each in self._of_run(one) if not self._has_ended(each)]
        begun = [each for each in left if self._began(each)]
        for share in (*([each] for each in begun), [each for each in left if each not in begun]):
            self._share_again(deployment, share)

    def _share_again(self, deployment_id: str, share: Sequence[_Handed]) -> None:
        if not share:
            return
        attempt = share[0].attempt + 1
        run_id = _begin(self.api, deployment_id, [each.force_code for each in share], attempt, self.handover)
        for each in share:
            row = self.rows.get(each.force_code)
            each.run_id, each.attempt, each.state, each.before = run_id, attempt, "SCHEDULED", row.id if row else 0
        self.alive = time.monotonic()

    def _of_run(self, one: _Handed) -> list[_Handed]:
        return [each for each in self.handed.values() if each.run_id == one.run_id]

    def _began(self, one: _Handed) -> bool:
        row = self.rows.get(one.force_code)
        return row is not None and row.id != one.before

    def _has_ended(self, one: _Handed) -> bool:
        row = self.rows.get(one.force_code)
        return row is not None and row.ended


def _begin(api: Api, deployment_id: str, force_codes: Iterable[str], attempt: int, handover: Handover) -> str:
    codes = list(force_codes)
    body = {
        "parameters": {"force_codes": codes, "as_of": handover.at.isoformat()},
        "idempotency_key": f"{handover.key} {codes[0]} {attempt}",
        "state": {"type": "SCHEDULED"},
        **_ABOUT,
    }
    made = api.ask("POST", f"deployments/{deployment_id}/create_flow_run", body)
    if made is None:
        raise ConnectionError  # whatever answers at this address, it is not Prefect's API
    return str(made["id"])


def _set_state(api: Api, run_id: str, kind: str, message: str) -> None:
    state = {"type": kind, "name": kind.capitalize(), "message": message}
    api.ask("POST", f"flow_runs/{run_id}/set_state", {"state": state, "force": True})


def _lost(one: _Handed) -> ForceLine:
    died = f"its process died {one.attempt} times" if one.state in {"CRASHED", "RUNNING"} else ""
    why = died or f"its run ended as {str(one.state).capitalize()}, and its round has no end"
    return ForceLine(one.force_code, failure=why)
