"""Today's round, begun where one is due: by Prefect where its server answers and a worker is online, otherwise here."""

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from functools import partial

from config.days.london import london_day
from flows.clock import is_today, moment, round_moment
from flows.round_steps import whole_round
from models.errors import Refuse
from models.rules.rounds.beginning_again import BeginAgain
from models.rules.rounds.telling import Finding
from tasks.platform.configuration import Configuration
from tasks.rounds.assurance import conclusion, prefect_state, restart
from tasks.rounds.assurance.prefect_state import PrefectState
from tasks.servers import round_mark
from tasks.servers.prefect_api import Api

Due = Callable[[Callable[[BeginAgain], bool]], BeginAgain | None]


def look(configuration: Configuration) -> tuple[Api | None, PrefectState]:
    """Return the API of Prefect's server, if there is any, and what it shows; a pause that was seen last counts."""
    api = prefect_state.server(configuration)
    prefect = prefect_state.look(api, moment()) if api else PrefectState(answered=False)
    return api, prefect if prefect.answered else prefect._replace(paused=conclusion.was_paused())


def begin(
    configuration: Configuration, as_of: datetime | None, at: datetime, api: Api | None, prefect: PrefectState
) -> tuple[Finding, ...]:
    """Begin today's round again where that is due, or for what came late, and return what operations are to know."""
    crashed = prefect.crashed or round_mark.died(configuration.settings.home, london_day(at))
    due = partial(restart.due, configuration, at, crashed=crashed)
    try:
        begun = _begin(configuration, as_of, at, api, prefect, due)
    except Refuse as refused:
        return (restart.refused(refused),)
    return (restart.finding(begun),) if begun and not begun.late else ()


def begin_late(configuration: Configuration, as_of: datetime | None, at: datetime) -> None:
    """Begin a round for what was loaded after today's. What refuses it now, the auditor reports."""
    if is_today(as_of):
        begun = partial(restart.due_late, configuration, at)
        with suppress(Refuse):
            _begin(configuration, as_of, at, *look(configuration), begun)


def _begin(
    configuration: Configuration,
    as_of: datetime | None,
    at: datetime,
    api: Api | None,
    prefect: PrefectState,
    due: Due,
) -> BeginAgain | None:
    """Begin the round that is due through the doors of every round. Raises Refuse as they do."""

    def may(begun: BeginAgain) -> bool:
        return not (prefect.paused or prefect.round_waits) and bool(round_moment(configuration, at, begun.force_code))

    begun = due(may)
    by_prefect = begun and api and prefect.worker and prefect_state.begin_round(api, begun, as_of)
    if begun and not by_prefect:
        whole_round(configuration, london_day(at), at, only=begun.force_code)
    return begun
