"""The end of an audit: keep it for the status, write what is new to operations, and send the heartbeat."""

import urllib.error
import urllib.request
from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection

from config.days.london import london_day
from models.queries.outbox import digests, outbox
from models.queries.rounds import assurance, unseen
from models.rules.rounds.telling import Finding, Telling, to_tell
from tasks.outbox.delivery import deliver
from tasks.platform import faults, templates, told
from tasks.platform.configuration import Configuration
from tasks.platform.text import number_of
from tasks.rounds.assurance import kept_audit
from tasks.rounds.assurance.kept_audit import KeptAudit
from tasks.servers.database import transaction

WELL = "Every open case is watched, the day's round is done, and nothing is stuck"
_WELL_BUT = "The day's round is done, and nothing is stuck"
HEARTBEAT_WITHIN = 10.0  # seconds


class Assured(NamedTuple):
    """The result of an audit: what does not hold, when the last heartbeat was taken, and what waits for a round."""

    findings: tuple[Finding, ...]
    heartbeat_at: datetime | None
    unseen: int = 0  # cases that no round has looked at since they changed

    @property
    def message(self) -> str:
        """Describe it in one line."""
        return "; ".join(finding.sentence for finding in self.findings) or _all_well(self.unseen)


def waiting(cases: int) -> str:
    """Describe the cases that no round has looked at since they changed."""
    return number_of(
        cases,
        "case has changed since, and no round has looked at it yet",
        "cases have changed since, and no round has looked at them yet",
    )


def was_paused() -> bool:
    """Return whether the round was paused when Prefect's server answered last."""
    with transaction() as connection:
        kept = kept_audit.read(connection)
    return kept is not None and kept.paused


def shown(findings: Sequence[Finding]) -> Assured:
    """Return an audit that is only shown: it says nothing of today, and so is neither sent, kept nor written."""
    with transaction() as connection:
        kept = kept_audit.read(connection)
        return Assured(tuple(findings), kept.heartbeat_at if kept else None, unseen.number(connection))


def conclude(
    configuration: Configuration, findings: Sequence[Finding], at: datetime, *, paused: bool | None
) -> Assured:
    """Send the heartbeat if nothing was found, keep the result, and write what is new to operations.

    What is written leaves at once, whichever worker is gone, and also while the outbox is held. `paused` is None where
    no server of Prefect's answered: what one showed last is kept.
    """
    found = list(findings)
    refused = send_heartbeat(configuration) if not found else None
    if refused:
        found.append(Finding("heartbeat", f"the address of the heartbeat did not take it ({refused})", passing=True))
    with transaction() as connection:
        assurance.alone(connection)
        before = kept_audit.read(connection) or KeptAudit(at)
        heartbeat_at = before.heartbeat_at if found or configuration.settings.heartbeat.url is None else at
        changed = unseen.number(connection)
        telling = to_tell(found, before.keys, told.read(connection), at, faults.tickets())
        wrote = _write(configuration, connection, telling, at, "" if found else _all_well(changed))
        sentences, keys = tuple(finding.sentence for finding in found), tuple(finding.key for finding in found)
        paused = before.paused if paused is None else paused
        kept_audit.keep(connection, KeptAudit(at, sentences, keys, heartbeat_at, paused))
        told.keep(connection, telling.told, at)
    if wrote:
        deliver(configuration, at, alarms_only=True)
    return Assured(tuple(found), heartbeat_at, changed)


def _all_well(changed: int) -> str:
    """Describe the book once nothing is wrong any more."""
    return f"{_WELL_BUT}; {waiting(changed)}" if changed else WELL


def _write(configuration: Configuration, connection: Connection, telling: Telling, at: datetime, well: str) -> bool:
    """Queue the message to operations; return whether there is one. `well` is empty while something is wrong."""
    if not telling.anything:
        return False
    groups = {"new": telling.new, "still": telling.still, "ended": telling.ended}
    alarms = {name: [faults.alarm(configuration.settings, one) for one in group] for name, group in groups.items()}
    alarms["ended"] = [alarm for alarm, one in zip(alarms["ended"], telling.ended, strict=True) if not one.event]
    words = {**alarms, "well": well, "at": at, "most": configuration.policy.letter.longest.listed}
    first = next(f"{name}:{group[0].key}" for name, group in groups.items() if group)
    key, text = f"{outbox.ASSURANCE}{at.isoformat()}:{first}", templates.note("assurance.txt", words)
    return digests.operations(connection, key, london_day(at), text, at, [configuration.settings.main]) > 0


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """Follows no redirect: the address is a secret, and belongs to one host."""

    def redirect_request(self, *_: Any) -> None:
        """Return no further request."""


def send_heartbeat(configuration: Configuration) -> str | None:
    """Send a heartbeat to a dead-man's switch, if an address is set. Return why it was not taken, or None.

    The address is a secret, and is in no sentence. Certificates are verified.
    """
    url = configuration.settings.heartbeat.url
    if url is None:
        return None
    try:
        opener = urllib.request.build_opener(_NoRedirect)
        with opener.open(url.get_secret_value(), timeout=HEARTBEAT_WITHIN):  # raises for any status but a 2xx
            return None
    except urllib.error.HTTPError as error:
        return f"HTTP {error.code}"
    except Exception as error:  # noqa: BLE001  whatever it is, its text may hold the address
        return type(getattr(error, "reason", error)).__name__
