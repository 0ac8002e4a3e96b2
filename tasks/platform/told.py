"""What operations know of each fault, whoever wrote it: one switch, whose value is JSON."""

import json
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from models.queries.rounds import assurance, rounds
from models.rules.rounds.telling import REPEAT, Finding, Told

_SWITCH = "told"


def read(connection: Connection) -> dict[str, Told]:
    """Return the last mail about each fault, by the fault's key. Who will keep a new state calls `alone` before."""
    kept = json.loads(rounds.switch(connection, _SWITCH) or "{}")
    found = {key: dict(zip(Told._fields, values, strict=False)) for key, values in kept.items()}
    return {key: Told(**{**values, "at": datetime.fromisoformat(values["at"])}) for key, values in found.items()}


def keep(connection: Connection, told: Mapping[str, Told], at: datetime) -> None:
    """Keep what operations know in place of what they knew."""
    rounds.set_switch(connection, _SWITCH, json.dumps(dict(told), default=_iso), at)


def add(connection: Connection, findings: Iterable[Finding], at: datetime) -> None:
    """Keep that a mail of its own tells of faults, so that the auditor does not tell of them at once too."""
    new = {finding.key: finding for finding in findings}
    if new:
        assurance.alone(connection)
        told = read(connection)
        keep(connection, {**told, **{key: _again(told, finding, at) for key, finding in new.items()}}, at)


def is_known(connection: Connection, keys: Collection[str], at: datetime) -> bool:
    """Return whether a mail within four hours was about one of these faults, and it has not ended."""
    known = [told for key, told in read(connection).items() if key in keys]
    return any(not told.ended and abs(at - told.at) < REPEAT for told in known)


def _again(told: Mapping[str, Told], finding: Finding, at: datetime) -> Told:
    before = told.get(finding.key)
    unseen = before is None or before.ended or before.elsewhere
    return Told(at, finding.sentence, event=finding.event, elsewhere=unseen)


def _iso(value: Any) -> str:
    """Return a moment in ISO 8601."""
    text: str = value.isoformat()
    return text
