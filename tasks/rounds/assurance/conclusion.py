"""The end of an audit: keep it for the status, write what is new to operations, and send the heartbeat."""

import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection

from config.settings import settings
from models.queries.outbox import digests, outbox
from models.queries.rounds import assurance, rounds
from models.rules.rounds.telling import Finding, Telling, Written, to_tell
from tasks.outbox.delivery import deliver
from tasks.platform import configuration, templates
from tasks.platform.database import transaction
from tasks.rounds.assurance import heartbeat
from tasks.rounds.assurance.auditor import day_of

SWITCH = "assurance"  # the last audit, as JSON: at, findings, heartbeat_at, and what operations know of it

_WELL = "Every open case is watched, the day's round is done, and nothing is stuck"


class Assured(NamedTuple):
    """The result of an audit: what does not hold, and when the last heartbeat was taken."""

    findings: tuple[Finding, ...]
    heartbeat_at: datetime | None

    @property
    def message(self) -> str:
        """Describe it in one line."""
        return "; ".join(one.sentence for one in self.findings) or _WELL


def was_paused() -> bool:
    """Report whether the round was paused when Prefect's server answered last."""
    with transaction() as connection:
        return bool(_kept(connection).get("paused"))


def shown(findings: Sequence[Finding]) -> Assured:
    """Return an audit that is only shown: it says nothing of today, and so is neither sent, kept nor written."""
    with transaction() as connection:
        return Assured(tuple(findings), _moment(_kept(connection).get("heartbeat_at")))


def conclude(findings: Sequence[Finding], at: datetime, *, paused: bool | None) -> Assured:
    """Send the heartbeat if nothing was found, keep the result, and write what is new to operations.

    What is written leaves at once, whichever worker is gone, and also while the outbox is held. `paused` is None where
    no server of Prefect's answered: what one showed last is kept.
    """
    found = list(findings)
    refused = heartbeat.send() if not found else None
    if refused:
        found.append(Finding("heartbeat", f"the address of the heartbeat did not take it ({refused})", passing=True))
    with transaction() as connection:
        assurance.alone(connection)
        before = _kept(connection)
        taken = None if found or settings().heartbeat.url is None else at.isoformat()
        heartbeat_at = taken or before.get("heartbeat_at")
        day = day_of(at)
        telling = to_tell(found, before.get("keys", ()), _known(before.get("written"), day), day)
        wrote = _write(connection, telling, at)
        kept = {
            "at": at.isoformat(), "findings": [one.sentence for one in found], "heartbeat_at": heartbeat_at,
            "keys": [one.key for one in found], "paused": before.get("paused", False) if paused is None else paused,
            "written": {**telling.written._asdict(), "day": telling.written.day.isoformat()},
        }  # fmt: skip
        rounds.set_switch(connection, SWITCH, json.dumps(kept), at)
    if wrote:
        deliver(at, alarms_only=True)
    return Assured(tuple(found), _moment(heartbeat_at))


def _kept(connection: Connection) -> dict[str, Any]:
    """Return the audit before; empty before the first."""
    found: dict[str, Any] = json.loads(rounds.switch(connection, SWITCH) or "{}")
    return found


def _moment(kept: str | None) -> datetime | None:
    return datetime.fromisoformat(kept) if kept else None


def _write(connection: Connection, telling: Telling, at: datetime) -> bool:
    """Queue the message to operations; report whether there is one."""
    if not (telling.findings or telling.well_again):
        return False
    name = "well_again.txt" if telling.well_again else "assurance.txt"
    words = {"findings": telling.findings, "at": at, "most": configuration.policy().letter.longest.listed}
    day, number = telling.written.day, telling.written.messages
    key, text = f"{outbox.ASSURANCE}{day}:{number}", templates.note(name, words)
    return digests.operations(connection, key, day, text, at, [settings().main]) > 0


def _known(kept: Mapping[str, Any] | None, day: date) -> Written:
    """Return what was written, as kept by the audit before."""
    if kept is None:
        return Written(day)
    return Written(date.fromisoformat(kept["day"]), tuple(kept["keys"]), kept["messages"])
