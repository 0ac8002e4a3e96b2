"""The state of the round and its workers, as the API of Prefect's server shows it; and how to begin a round by it."""

from collections.abc import Iterator, Mapping
from datetime import datetime, time, timedelta
from typing import Any, NamedTuple
from urllib.error import HTTPError

from config.days.london import at_london, london_day
from models.rules.rounds.beginning_again import BeginAgain
from models.rules.rounds.telling import Finding
from tasks.platform.configuration import Configuration
from tasks.platform.sign_in import known_sign_in
from tasks.platform.text import number_of
from tasks.rounds.assurance.zombies import end_zombies
from tasks.servers.prefect_api import Api
from tasks.servers.work_pool import POOL

OWN = "http://127.0.0.1:{}/api"  # the server of `casebeat serve`, by its port
ROUND = "daily-round"
NEEDED = (ROUND, "delivery")  # while one of these is paused, the day's letters do not leave
LATE = timedelta(minutes=5)


class PrefectState(NamedTuple):
    """The API's answers: what does not hold, whether a person paused the round, and who could run it."""

    findings: tuple[Finding, ...] = ()
    paused: bool = False
    round_waits: bool = False  # a run of the round is scheduled for now, pending or running
    worker: bool = False  # one is online, so that a run that is begun by the API is picked up
    crashed: bool = False  # the latest run of today's round died; it may have written nothing yet
    answered: bool = True  # false: there is no server or it is away, and what one showed last counts


def server(configuration: Configuration) -> Api | None:
    """Return the server that Prefect's settings name, else the one of `casebeat serve`; None if there is neither."""
    named, sign_in = Api.of_environment(), known_sign_in()
    if named or not sign_in:
        return named
    return Api(OWN.format(configuration.settings.server.port), sign_in)


def look(api: Api, now: datetime) -> PrefectState:
    """End dead runs, and return what the API shows then. A server that does not answer is a finding, not an error."""
    try:
        end_zombies(api, now)
        return _look(api, now)
    except HTTPError as error:
        why = f"the Prefect server refuses the auditor (HTTP {error.code}): set PREFECT_API_AUTH_STRING to its sign-in"
    except OSError:
        why = "the Prefect server does not answer: start it again"
    return PrefectState((Finding("prefect", why, passing=True),), answered=False)


def begin_round(api: Api, begun: BeginAgain, as_of: datetime | None) -> bool:
    """Begin the round as a run of its deployment, which a worker picks up; return whether the server took it."""
    given = {"force_code": begun.force_code, "as_of": as_of.isoformat() if as_of else None}
    body = {"parameters": {name: value for name, value in given.items() if value}, "state": {"type": "SCHEDULED"}}
    try:
        found = _deployments(api).get(ROUND)
        return bool(found and api.ask("POST", f"deployments/{found['id']}/create_flow_run", body))
    except OSError:
        return False


def _look(api: Api, now: datetime) -> PrefectState:
    pool, deployments = api.ask("GET", f"work_pools/{POOL}") or {"is_paused": False}, _deployments(api)
    workers = api.ask("POST", f"work_pools/{POOL}/workers/filter", {}) or []
    worker = any(one["status"] == "ONLINE" for one in workers)
    paused = [*_paused_pool(pool), *(finding for deployment in deployments.values() for finding in _paused(deployment))]
    round_id = deployments[ROUND]["id"] if ROUND in deployments else None
    waits = round_id is not None and _under_way(api, round_id, now)
    return PrefectState(
        (*_missing(deployments), *paused, *_gone(worker=worker or pool["is_paused"]), *_late(api, now)),
        paused=any(finding.key in {"paused:pool", f"paused:{ROUND}"} for finding in paused),
        round_waits=worker and waits,
        crashed=round_id is not None and not waits and _crashed(api, round_id, now),
        worker=worker and round_id is not None,
    )


def _deployments(api: Api) -> dict[str, dict[str, Any]]:
    answer = api.ask("POST", "deployments/filter", {"deployments": {"name": {"any_": list(NEEDED)}}})
    if answer is None:
        raise ConnectionError  # whatever answers at this address, it is not Prefect's API
    return {one["name"]: one for one in answer if one["work_pool_name"] == POOL}


def _missing(deployments: Mapping[str, Any]) -> Iterator[Finding]:
    for name in NEEDED:
        if name not in deployments:
            yield Finding(
                f"deployment:{name}", f"{name} is not deployed: run casebeat prefect --no-prompt deploy --all"
            )


def _gone(*, worker: bool) -> Iterator[Finding]:
    if not worker:
        yield Finding("worker", "no worker of the work pool is online: start it again", passing=True)


def _paused_pool(pool: Mapping[str, Any]) -> Iterator[Finding]:
    if pool["is_paused"]:
        sentence = f"the work pool is paused, so that nothing runs: casebeat prefect work-pool resume {POOL}"
        yield Finding("paused:pool", sentence, passing=True)


def _paused(deployment: Mapping[str, Any]) -> Iterator[Finding]:
    """Yield a deployment that a person paused, or none of whose schedules is on."""
    name = deployment["name"]
    if is_off(deployment):
        yield Finding(f"paused:{name}", f"{name} is paused: switch its schedule on again in the Prefect UI")


def is_off(deployment: Mapping[str, Any]) -> bool:
    """Return whether no schedule of a deployment begins a run."""
    return deployment["paused"] or not any(one["active"] for one in deployment["schedules"])


def _under_way(api: Api, deployment_id: str, now: datetime) -> bool:
    """Return whether a run of a deployment is due, pending or running."""
    runs = {
        "state": {"type": {"any_": ["SCHEDULED", "PENDING", "RUNNING", "CANCELLING"]}},
        "expected_start_time": {"before_": (now + timedelta(minutes=1)).isoformat()},
    }
    body = {"deployments": {"id": {"any_": [deployment_id]}}, "flow_runs": runs}
    return bool(api.ask("POST", "flow_runs/count", body))


def _crashed(api: Api, deployment_id: str, now: datetime) -> bool:
    """Return whether the latest run of today's round, of every force, has lost its process."""
    midnight = at_london(london_day(now), time(0))
    runs = {
        "state": {"type": {"not_any_": ["SCHEDULED", "CANCELLED"]}},
        "expected_start_time": {"after_": midnight.isoformat(), "before_": now.isoformat()},
    }
    deployment = {"id": {"any_": [deployment_id]}}
    body = {"deployments": deployment, "flow_runs": runs, "sort": "EXPECTED_START_TIME_DESC"}
    whole = [run for run in api.ask("POST", "flow_runs/filter", body) or () if not run["parameters"].get("force_code")]
    return bool(whole) and whole[0]["state_type"] == "CRASHED"


def _late(api: Api, now: datetime) -> Iterator[Finding]:
    """Yield the number of runs that no worker has taken up in time."""
    runs = {"state": {"name": {"any_": ["Late"]}}, "expected_start_time": {"before_": (now - LATE).isoformat()}}
    number = api.ask("POST", "flow_runs/count", {"flow_runs": runs, "work_pools": {"name": {"any_": [POOL]}}})
    if number:
        yield Finding(
            "late",
            f"{number_of(number, 'flow run')} of the work pool should have begun more than five minutes ago",
            passing=True,
        )
