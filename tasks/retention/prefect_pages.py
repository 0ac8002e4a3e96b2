"""Pages, runs and events of Prefect that name an erased case: deleted by its API, events in its database."""

import json
import time
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import URL, create_engine, make_url
from sqlalchemy.exc import OperationalError
from sqlalchemy.pool import NullPool

from config.retention import Held
from models.queries.retention import prefect_events
from tasks.platform.configuration import Configuration
from tasks.retention import erased_names
from tasks.retention.account import HeldCount
from tasks.retention.erased_names import ErasedNames
from tasks.rounds.assurance.prefect_state import server
from tasks.servers import postgres, prefect_server
from tasks.servers.prefect_api import Api

_AT_ONCE = 200
_WRITTEN = 12.0  # seconds in which a server has written its events: it does so every five
_ENDED = {"state": {"type": {"any_": ["COMPLETED", "FAILED", "CRASHED", "CANCELLED"]}}}


def naming_erased(configuration: Configuration, today: date, at: datetime, *, erase: bool) -> HeldCount:
    """Count what of Prefect names a case that was erased, and delete it if asked to.

    Where the server is away nothing is done, and the next purge does it. Events are deleted where their database is
    known; elsewhere the server deletes them after a week.
    """
    api = server(configuration)
    if api is None:
        return HeldCount(Held.PREFECT, today, None)
    left = erased_names.uncleared(Held.PREFECT)
    if not left.names.any:
        return HeldCount(Held.PREFECT, today, 0)
    try:
        found = [*_artifacts(api, left.names), *_runs(api, left.names)]
        for path in found if erase else ():
            api.ask("DELETE", path)
        events = _events(configuration, left.names, erase=erase)
        if found and erase:  # each deletion is an event, which repeats what was deleted
            time.sleep(_WRITTEN)
            _events(configuration, left.names, erase=erase)
    except (OSError, OperationalError) as error:
        why = f"the Prefect server cannot be used ({type(error).__name__}): start it, and run casebeat purge prefect"
        return HeldCount(Held.PREFECT, today, None, trouble=why)
    if erase:
        erased_names.cleared(left, at)
    return HeldCount(Held.PREFECT, today, len(found) + events)


def _artifacts(api: Api, names: ErasedNames) -> Iterator[str]:
    for page in _all(api, "artifacts", {"sort": "CREATED_DESC"}):
        if names.within(f"{page['description']}\n{page['data']}"):
            yield f"artifacts/{page['id']}"


def _runs(api: Api, names: ErasedNames) -> Iterator[str]:
    """Yield the ended runs that name a case; their logs and states go with them."""
    for run in _all(api, "flow_runs", {"sort": "ID_DESC", "flow_runs": _ENDED}):
        said = f"{run['name']}\n{json.dumps(run['parameters'])}\n{(run['state'] or {}).get('message')}"
        if names.within(said):
            yield f"flow_runs/{run['id']}"


def _all(api: Api, what: str, asked: dict[str, Any]) -> list[Any]:
    found: list[Any] = []
    while some := api.ask("POST", f"{what}/filter", {**asked, "limit": _AT_ONCE, "offset": len(found)}):
        found += some
    return found


def _events(configuration: Configuration, names: ErasedNames, *, erase: bool) -> int:
    url = database_url(configuration.settings.home)
    if url is None:
        return 0
    engine = create_engine(url, poolclass=NullPool, hide_parameters=True)
    try:
        with engine.begin() as connection:
            ids = [event.id for event in prefect_events.events(connection) if names.within(event.said)]
            if erase:
                prefect_events.delete(connection, ids)
    finally:
        engine.dispose()
    return len(ids)


def database_url(home: Path) -> URL | None:
    """Return the URL of Prefect's database where this machine knows it, for the driver of this program.

    Prefect's own driver calls *ssl* what this one calls *sslmode*; both find the authority by PGSSLROOTCERT.
    """
    if named := prefect_server.own_database():
        url = make_url(named)
        query = {"sslmode" if name == "ssl" else name: value for name, value in url.query.items()}
        return url.set(drivername=url.drivername.replace("+asyncpg", "+psycopg2"), query=query)
    if not (home / "postgres").is_dir():
        return None
    postgres.start(home)
    return make_url(postgres.url(home, database="prefect", role="prefect"))
