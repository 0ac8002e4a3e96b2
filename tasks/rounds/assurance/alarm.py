"""An alarm of Prefect's as a message to operations: a run that ended badly or is late, or a pool without a worker."""

import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from hashlib import sha256
from typing import NamedTuple

from sqlalchemy import Connection

from config.days.london import london_day
from models.queries.outbox import digests, outbox
from models.queries.rounds import assurance
from models.rules.rounds.telling import REPEAT, Finding
from tasks.outbox.delivery import deliver
from tasks.platform import faults, templates, told
from tasks.platform.configuration import Configuration
from tasks.rounds.assurance import kept_audit, restart
from tasks.rounds.assurance.prefect_state import ROUND
from tasks.rounds.handing_out import FORCE_ROUND
from tasks.servers.database import transaction
from tasks.servers.prefect_api import Api, pages
from tasks.servers.work_pool import POOL

FOUND = "To look at: "  # so begins the message of a run of the auditor, which itself writes to operations what it finds
LOOKS = timedelta(minutes=15)  # within which the auditor has looked where it runs at all: every five minutes
# A run's own states that another mail explains: a round's report, one about an extract, a carrier or messages.
_REPORTED: Mapping[str, frozenset[str]] = {
    ROUND: frozenset({"Failed", "Degraded"}),
    "intake": frozenset({"Failed"}),
    "delivery": frozenset({"Degraded"}),
}
_UNFORESEEN = "Flow run encountered an exception"  # so begins Prefect's message where the flow did not end itself
_UNSAID = "word to operations failed"  # in the message of a round whose report was not written
_OF_CLOCK = re.compile(r"Refuse: .*(clock shows|last round)")
_DIED = frozenset({"Crashed", "TimedOut"})
_STATES = {"Late": "late by five minutes", "not-ready": "without a worker", "TimedOut": "stopped: it took too long"}


class _About(NamedTuple):
    """The deployment that an alarm is about, or the work pool, and its page."""

    name: str
    page: str
    message: str = ""  # of the run's state


def write(configuration: Configuration, event: str, run_id: str | None, at: datetime) -> bool:
    """Write one message about an event to operations, and let it leave at once; return whether it was written.

    Each run and state has one, and each deployment and state one in four hours. What the auditor finds too is one fault
    of both: whoever is first writes it.
    """
    about, state = _about(run_id), event.rpartition(".")[2]
    if _is_reported(about, state):
        return False
    with transaction() as connection:
        assurance.alone(connection)
        written = not _is_known(configuration, connection, about, state, at)
        written = written and _write(configuration, connection, about, state, run_id, at)
    if written:
        deliver(configuration, at, alarms_only=True)
    return written


def _is_reported(about: _About, state: str) -> bool:
    """Return whether what the run found is written by another mail, which has its words."""
    if about.name == FORCE_ROUND:
        return True
    if (about.name, state) == ("assurance", "Failed"):
        return about.message.startswith(FOUND)
    itself = bool(about.message) and not about.message.startswith(_UNFORESEEN) and _UNSAID not in about.message
    return itself and state in _REPORTED.get(about.name, ())


def _is_known(configuration: Configuration, connection: Connection, about: _About, state: str, at: datetime) -> bool:
    """Return whether operations know it, or will at the auditor's next look, which begins a round that died again."""
    if about.name == ROUND and state in _DIED:
        audit = kept_audit.read(connection)
        if audit and abs(at - audit.at) < LOOKS:
            return True
    main = configuration.settings.main
    return told.is_known(connection, _faults(about, state), at) or assurance.alarmed(
        connection, _beginning(about, state), at - REPEAT, main.channel
    )


def _faults(about: _About, state: str) -> tuple[str, ...]:
    """Return the keys of the auditor's faults that this is; one that ends several deployments is one of its own."""
    if about.name == ROUND and state != "Late":
        return "round", restart.REFUSED, *_cause(about)
    if about.message.startswith(_UNFORESEEN) and _OF_CLOCK.search(about.message):  # as that of the round
        return restart.REFUSED, *_cause(about)
    return {"not-ready": ("worker",), "Late": ("late",)}.get(state, _cause(about))


def _cause(about: _About) -> tuple[str, ...]:
    """Return the key of what ended a run against its will, as a clock that refuses every run."""
    if not about.message.startswith(_UNFORESEEN):
        return ()
    return (f"run:{sha256(about.message.encode()).hexdigest()[:12]}",)


def _write(
    configuration: Configuration, connection: Connection, about: _About, state: str, run_id: str | None, at: datetime
) -> bool:
    settings, keys = configuration.settings, _faults(about, state)
    fault = faults.catalogue()[keys[0].partition(":")[0] if keys else "run"]
    words = {
        "name": about.name, "state": _STATES.get(state, state), "run_id": run_id, "page": about.page, "at": at,
        "message": about.message, "fault": fault, "runbook": faults.runbook(settings, fault),
    }  # fmt: skip
    key = f"{_beginning(about, state)}{run_id or at.isoformat()}"
    text = templates.note("alarm.txt", words)
    if not digests.operations(connection, key, london_day(at), text, at, [settings.main]):
        return False
    told.add(connection, [Finding(key, f"{about.name} is {words['state']}") for key in keys], at)
    return True


def _beginning(about: _About, state: str) -> str:
    return f"{outbox.ALARM}{about.name}:{state}:"


def _about(run_id: str | None) -> _About:
    """Ask Prefect's API about a run. Raises OSError as `Api.ask` does."""
    api = Api.of_environment()
    if run_id is None or api is None:
        return _About(f"work pool {POOL}", f"{pages()}/work-pools/work-pool/{POOL}")
    run = api.ask("GET", f"flow_runs/{run_id}") or {}
    deployment = api.ask("GET", f"deployments/{run['deployment_id']}") if run.get("deployment_id") else None
    message = (run.get("state") or {}).get("message") or ""
    return _About(deployment["name"] if deployment else "a run", f"{pages()}/runs/flow-run/{run_id}", message)
