"""Prefect: the server, its sign-in and telemetry, the worker, the deployments and their schedules."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from http import HTTPStatus
from importlib.metadata import version
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlsplit

import yaml

from tasks.platform.configuration import Configuration
from tasks.rounds.assurance import automations, prefect_state
from tasks.rounds.doctor.check import Verdict, fail, inspection, ok, some, warn
from tasks.servers import signed_in
from tasks.servers.prefect_api import Api
from tasks.servers.work_pool import POOL

FILE = Path(__file__).parents[3] / "prefect.yaml"
HOUR = 3600  # seconds
_LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
_DEPLOY = "casebeat prefect --no-prompt deploy --all"


@inspection("prefect-server", "The Prefect server answers, and is of this code's version.")
def _server(configuration: Configuration, _at: datetime) -> Iterator[Verdict]:
    try:
        theirs = _api(configuration).ask("GET", "admin/version")
    except HTTPError as error:
        if error.code != HTTPStatus.UNAUTHORIZED:
            raise
        yield fail(
            "The Prefect server refuses the sign-in: set PREFECT_API_AUTH_STRING, or CASEBEAT_SERVER__SIGN_IN, to what "
            "the server was started with."
        )
    except OSError as error:
        yield fail(
            f"No Prefect server answers at {_api(configuration).url} ({type(error).__name__}): start casebeat serve, "
            "or correct PREFECT_API_URL. Until then nothing runs by itself."
        )
    else:
        ours = version("prefect")
        if theirs != ours:
            yield warn(f"The Prefect server is of version {theirs}, and this code of {ours}: upgrade the one behind.")


@inspection("sign-in", "The Prefect server asks for a sign-in.", "prefect-server")
def _sign_in(configuration: Configuration, _at: datetime) -> Iterator[Verdict]:
    """See whether the server answers somebody who does not sign in, while its forms are trusted."""
    url = _api(configuration).url
    try:
        Api(url).ask("GET", "admin/version")
    except HTTPError as error:
        if error.code != HTTPStatus.UNAUTHORIZED:
            raise
        return
    if not configuration.settings.forms.trusted:
        yield ok("The server asks for no sign-in, and no form acts: CASEBEAT_FORMS__TRUSTED is off.")
        return
    mark = warn if urlsplit(url).hostname in _LOOPBACK else fail
    yield mark(
        "Forms are trusted, and the Prefect server answers without a sign-in, so that anybody who reaches it acts as "
        "anybody: start it with casebeat serve or with PREFECT_SERVER_API_AUTH_STRING, or unset "
        "CASEBEAT_FORMS__TRUSTED. A proxy that asks for the sign-in must be the only way to it."
    )


@inspection("form-sign-in", "The Prefect server keeps who signed in and sent a form.", "prefect-server")
def _form_sign_in(configuration: Configuration, _at: datetime) -> Iterator[Verdict]:
    forms, api = configuration.settings.forms, _api(configuration)
    if not (forms.trusted and forms.identity_header):
        yield ok("No form is held to who signed in: CASEBEAT_FORMS__IDENTITY_HEADER is unset, or no form acts.")
        return
    told = api.tells(signed_in.TOLD)
    if told is None:
        yield fail(
            "The Prefect server does not keep who signed in, so that it refuses every form: start it with casebeat "
            "serve or casebeat prefect server start, with CASEBEAT_FORMS__IDENTITY_HEADER set for it as here."
        )
    elif told != signed_in.mark_of_header(forms.identity_header):
        yield fail(
            "The Prefect server reads who signed in from another header, or with another signing secret, so that every "
            "form is refused: set CASEBEAT_FORMS__IDENTITY_HEADER and CASEBEAT_SIGNING_SECRET for it as here."
        )


@inspection("prefect-settings", "The Prefect server reports to nobody, and runs on PostgreSQL.", "prefect-server")
def _quiet(configuration: Configuration, at: datetime) -> Iterator[Verdict]:
    told: Mapping[str, Any] = _api(configuration).ask("GET", "admin/settings")
    if told["server"]["analytics_enabled"]:
        yield fail(
            "The Prefect server reports to its makers: start it with casebeat serve or casebeat prefect, or set "
            "PREFECT_SERVER_ANALYTICS_ENABLED=false and DO_NOT_TRACK=1 for it."
        )
    if _writes_sqlite(configuration, Path(told["home"]), at):
        yield warn(
            "The Prefect server keeps its runs in SQLite, which locks under load: start it with casebeat serve, or set "
            "PREFECT_SERVER_DATABASE_CONNECTION_URL to a database of PostgreSQL of its own."
        )


def _writes_sqlite(configuration: Configuration, home: Path, at: datetime) -> bool:
    """Return whether a server of this machine wrote its SQLite file within the hour: it shows nobody its URL."""
    here = urlsplit(_api(configuration).url).hostname in _LOOPBACK
    files = [home / "prefect.db", home / "prefect.db-wal"] if here else []
    return any(file.exists() and at.timestamp() - file.stat().st_mtime < HOUR for file in files)


@inspection("worker", "A worker serves the work pool.", "prefect-server")
def _worker(configuration: Configuration, _at: datetime) -> Iterator[Verdict]:
    pool = _api(configuration).ask("GET", f"work_pools/{POOL}")
    if pool is None:
        yield fail(
            f"The Prefect server has no work pool {POOL}: start casebeat serve, or see docs/operate.md. Nothing runs."
        )
    elif pool["is_paused"]:
        yield fail(
            f"The work pool {POOL} is paused: casebeat prefect work-pool resume {POOL}. Until then nothing runs."
        )
    elif pool["status"] != "READY":
        yield fail(
            f"No worker serves the work pool {POOL}: start casebeat serve, or casebeat prefect worker start --pool "
            f"{POOL}. Until then nothing runs."
        )


@inspection("work-pool", "The work pool hands a run what its template holds, and no more.", "prefect-server")
def _pool(configuration: Configuration, _at: datetime) -> Iterator[Verdict]:
    """See whether the pool hands a run what only its template should hold, and has places for the forces of a round."""
    pool = _api(configuration).ask("GET", f"work_pools/{POOL}")
    if pool is None:
        return
    if pool["base_job_template"].get("variables", {}).get("additionalProperties") is not False:
        yield warn(
            f"Whoever may run a deployment may give its run an environment and a command of their own, because the "
            f"template of the work pool {POOL} takes them: start casebeat serve, or casebeat prefect work-pool update "
            f"{POOL} --base-job-template packaging/pools/{pool['type']}.json, then {_DEPLOY}."
        )
    if configuration.settings.server.shares > 1 and pool["concurrency_limit"] == 1:
        yield warn(
            f"The work pool {POOL} lets one run go on at a time, and a round that shares its forces is one itself: it "
            f"waits two minutes for them, and then runs them. casebeat prefect work-pool set-concurrency-limit {POOL} "
            "6, or unset CASEBEAT_SERVER__SHARES."
        )


@inspection("deployments", "Every deployment is there, and its schedule is on.", "prefect-server")
def _deployments(configuration: Configuration, _at: datetime) -> Iterator[Verdict]:
    missing, stale, off = [], [], []
    for name, wanted in _wanted().items():
        flow = wanted["entrypoint"].rpartition(".")[2].replace("_", "-")
        there = _api(configuration).ask("GET", f"deployments/name/{flow}/{name}")
        if there is None:
            missing.append(name)
        elif there["entrypoint"] != wanted["entrypoint"] or there["description"] != wanted["description"]:
            stale.append(name)
        if there is not None and has_lost_schedule(wanted, there):
            off.append(name)
    if missing:
        yield fail(f"The Prefect server has no deployment {some(missing)}: casebeat serve, or {_DEPLOY}, makes it.")
    if stale:
        yield warn(f"The deployments {some(stale)} are of another version of this code: {_DEPLOY}.")
    if off:
        mark = fail if prefect_state.ROUND in off else warn
        yield mark(
            f"The schedule of {some(off)} is off: it runs only by hand. Switch it on at its deployment's page in the "
            "Prefect UI, unless somebody paused it on purpose."
        )


@inspection("automations", "Every automation is there, and on.", "prefect-server")
def _automations(configuration: Configuration, _at: datetime) -> Iterator[Verdict]:
    names = automations.names()
    asked = {"automations": {"name": {"any_": names}}}
    there = {one["name"]: one["enabled"] for one in _api(configuration).ask("POST", "automations/filter", asked) or ()}
    until = "until then a killed run keeps its slot, and nobody is told of a run that ends badly"
    if missing := set(names) - there.keys():
        yield warn(
            f"The Prefect server has no automation {some(missing, len(names))}: start casebeat serve, or run python -m "
            f"tasks.rounds.assurance.automations; {until}."
        )
    if off := [name for name, enabled in there.items() if not enabled]:
        yield warn(
            f"The automations {some(off, len(names))} are off: switch them on at the page Automations of the Prefect "
            f"UI, unless somebody did so on purpose; {until}."
        )


def has_lost_schedule(wanted: Mapping[str, Any], there: Mapping[str, Any]) -> bool:
    """Return whether a deployment that the file schedules has no schedule that is on."""
    scheduled = any(each.get("active", True) for each in wanted.get("schedules") or [])
    return scheduled and prefect_state.is_off(there)


def _wanted() -> dict[str, Mapping[str, Any]]:
    return {each["name"]: each for each in yaml.safe_load(FILE.read_text("utf-8"))["deployments"]}


def _api(configuration: Configuration) -> Api:
    """Return the server that Prefect's own settings name, or that of casebeat serve."""
    return prefect_state.server(configuration) or Api(prefect_state.OWN.format(configuration.settings.server.port))


CHECKS = (_server, _sign_in, _form_sign_in, _quiet, _worker, _pool, _deployments, _automations)
