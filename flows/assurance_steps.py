"""The auditor's steps in order, for both callers: the command under its own timer, and the deployment."""

from datetime import datetime

from config.days.london import london_day
from flows.clock import is_today, moment, round_moment
from flows.round_steps import whole_round
from models.errors import Refuse
from models.rules.rounds.beginning_again import BeginAgain
from models.rules.rounds.telling import Finding
from tasks.audit_log import sealing
from tasks.platform.configuration import Configuration
from tasks.rounds.assurance import auditor, conclusion, prefect_state, restart
from tasks.rounds.assurance.conclusion import Assured
from tasks.rounds.assurance.prefect_state import PrefectState
from tasks.servers.prefect_api import Api


def assure_now(configuration: Configuration, as_of: datetime | None, at: datetime) -> Assured:
    """End dead runs, begin today's round again where it died or has no end by 07:00, look at everything, and report it.

    A round is begun by Prefect where its server answers and a worker is online, and otherwise in this process.
    At the end the audit log is sealed. A day before today is only looked at: no round, no heartbeat, no message.
    """
    api = prefect_state.server(configuration)
    prefect = prefect_state.look(api, moment()) if api else PrefectState(answered=False)
    paused = prefect.paused if prefect.answered else conclusion.was_paused()
    if not is_today(as_of):
        return conclusion.shown((*prefect.findings, *auditor.audit(configuration, at)))
    again = _begin_again(configuration, as_of, at, api, prefect._replace(paused=paused))
    findings = (*again, *prefect.findings, *auditor.audit(configuration, at))
    concluded = conclusion.conclude(configuration, findings, at, paused=prefect.paused if prefect.answered else None)
    sealing.seal()
    return concluded


def _begin_again(
    configuration: Configuration, as_of: datetime | None, at: datetime, api: Api | None, prefect: PrefectState
) -> tuple[Finding, ...]:
    """Begin today's round again where that is due, through the doors of every round, and return what is to be known."""

    def may(begun: BeginAgain) -> bool:
        return not (prefect.paused or prefect.round_waits) and bool(round_moment(configuration, at, begun.force_code))

    try:
        begun = restart.due(configuration, at, may)
        by_prefect = begun and api and prefect.worker and prefect_state.begin_round(api, begun, as_of)
        if begun and not by_prefect:
            whole_round(configuration, london_day(at), at, only=begun.force_code)
    except Refuse as refused:
        return (restart.refused(refused),)
    return (restart.finding(begun, at),) if begun else ()
