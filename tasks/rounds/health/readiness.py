"""Whether each part of the installation can do its work now: settings, database, Prefect's server and a worker."""

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import NamedTuple

from config.days.london import london_day
from tasks.platform.configuration import Configuration
from tasks.platform.diagnosis import reason
from tasks.rounds.assurance import prefect_state
from tasks.rounds.health import figures
from tasks.rounds.health.figures import HealthFigures
from tasks.servers.work_pool import POOL

PATIENCE = 5.0  # seconds for an answer of Prefect's server


class Readiness(NamedTuple):
    """Each part with the reason why it is not ready, empty where it is; and the figures, where they can be read."""

    parts: dict[str, str]
    figures: HealthFigures | None = None

    @property
    def ready(self) -> bool:
        """Return whether every part is."""
        return not any(self.parts.values())


def look(configured: Callable[[], Configuration], at: datetime) -> Readiness:
    """Look at every part; none raises. A reason holds no value of a record."""
    try:
        configuration = configured()
        configuration.read(london_day(at))
    except Exception as error:  # noqa: BLE001  whatever it is, monitoring is told
        return Readiness({"settings": reason(error)})
    parts = {"settings": "", **dict(_prefect(configuration))}
    try:
        return Readiness({**parts, "database": ""}, figures.look(configuration, at))
    except Exception as error:  # noqa: BLE001  as above
        return Readiness({**parts, "database": reason(error)})


def _prefect(configuration: Configuration) -> Iterator[tuple[str, str]]:
    """Yield Prefect's server and its worker; nothing where the installation has none."""
    api = prefect_state.server(configuration)
    if api is None:
        return
    try:
        workers = api.within(PATIENCE).ask("POST", f"work_pools/{POOL}/workers/filter", {}) or []
    except OSError as error:
        yield "prefect", f"the Prefect server does not answer ({type(error).__name__})"
        return
    yield "prefect", ""
    online = any(worker["status"] == "ONLINE" for worker in workers)
    yield "worker", "" if online else "no worker of the work pool is online"
