"""The auditor's steps in order, for both callers: the command under its own timer, and the deployment."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from flows import due_round
from flows.clock import is_today
from models.rules.rounds.telling import Finding
from tasks.audit_log import sealing
from tasks.platform.configuration import Configuration
from tasks.rounds.assurance import auditor, conclusion, restart
from tasks.rounds.assurance.conclusion import Assured


def assure_now(configuration: Configuration, as_of: datetime | None, at: datetime) -> Assured:
    """End dead runs, begin the round that is due, look at everything, and report it.

    Due is today's round where it died or has no end by 07:00, and another for what came after it. At the end the audit
    log is sealed. A day before today is only looked at: no round, no heartbeat, no message.
    """
    api, prefect = due_round.look(configuration)
    if not is_today(as_of):
        return conclusion.shown((*prefect.findings, *auditor.audit(configuration, at)))
    begun = due_round.begin(configuration, as_of, at, api, prefect)
    findings = (*begun, *prefect.findings, *_beside(begun, auditor.audit(configuration, at)))
    concluded = conclusion.conclude(configuration, findings, at, paused=prefect.paused if prefect.answered else None)
    sealing.seal()
    return concluded


def _beside(begun: Sequence[Finding], found: Iterable[Finding]) -> Iterator[Finding]:
    """Yield what else was found: that a round has not begun is the same fault as that a door refuses it."""
    refused = any(finding.key == restart.REFUSED for finding in begun)
    yield from (finding for finding in found if not (refused and finding.key == restart.ROUND))
