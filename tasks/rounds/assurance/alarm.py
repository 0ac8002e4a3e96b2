"""An alarm of Prefect's as a message to operations: a run that ended badly or is late, or a pool without a worker."""

from datetime import datetime
from typing import NamedTuple

from config.days.london import london_day
from models.queries.outbox import digests, outbox
from models.queries.rounds import assurance
from models.rules.rounds.telling import REPEAT
from tasks.outbox.delivery import deliver
from tasks.platform import templates
from tasks.platform.configuration import Configuration
from tasks.rounds.assurance import faults
from tasks.rounds.handing_out import FORCE_ROUND
from tasks.servers.database import transaction
from tasks.servers.prefect_api import Api, pages
from tasks.servers.work_pool import POOL

FOUND = "To look at: "  # so begins the message of a run of the auditor, which itself writes to operations what it finds
_STATES = {"Late": "late by five minutes", "not-ready": "without a worker", "TimedOut": "stopped: it took too long"}


class _About(NamedTuple):
    """The deployment that an alarm is about, or the work pool, and its page."""

    name: str
    page: str
    message: str = ""  # of the run's state


def write(configuration: Configuration, event: str, run_id: str | None, at: datetime) -> bool:
    """Write one message about an event to operations, and let it leave at once; return whether it was written.

    Each run and state has one, and each deployment and state one in four hours.
    """
    about, state, main = _about(run_id), event.rpartition(".")[2], configuration.settings.main
    beginning = f"{outbox.ALARM}{about.name}:{state}:"
    if (about.name, state) == ("assurance", "Failed") and about.message.startswith(FOUND):
        return False
    if about.name == FORCE_ROUND:  # the daily round that handed it out reports it
        return False
    with transaction() as connection:
        assurance.alone(connection)
        fault = faults.catalogue()["run" if run_id else "pool"]
        words = {
            "name": about.name, "state": _STATES.get(state, state), "run_id": run_id, "page": about.page, "at": at,
            "message": about.message, "fault": fault, "runbook": faults.runbook(configuration.settings, fault),
        }  # fmt: skip
        key, text = f"{beginning}{run_id or at.isoformat()}", templates.note("alarm.txt", words)
        known = assurance.alarmed(connection, beginning, at - REPEAT, main.channel)
        written = not known and digests.operations(connection, key, london_day(at), text, at, [main]) > 0
    if written:
        deliver(configuration, at, alarms_only=True)
    return written


def _about(run_id: str | None) -> _About:
    """Ask Prefect's API about a run. Raises OSError as `Api.ask` does."""
    api = Api.of_environment()
    if run_id is None or api is None:
        return _About(f"work pool {POOL}", f"{pages()}/work-pools/work-pool/{POOL}")
    run = api.ask("GET", f"flow_runs/{run_id}") or {}
    deployment = api.ask("GET", f"deployments/{run['deployment_id']}") if run.get("deployment_id") else None
    message = (run.get("state") or {}).get("message") or ""
    return _About(deployment["name"] if deployment else "a run", f"{pages()}/runs/flow-run/{run_id}", message)
