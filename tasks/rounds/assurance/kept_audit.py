"""The last audit of the book as it is kept: one switch, whose value is JSON."""

import json
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection

from models.queries.rounds import rounds

_SWITCH = "assurance"


class KeptAudit(NamedTuple):
    """When the auditor looked, what it found, and when the last heartbeat left."""

    at: datetime
    findings: tuple[str, ...] = ()  # sentences
    keys: tuple[str, ...] = ()  # of the findings
    heartbeat_at: datetime | None = None
    paused: bool = False  # a person paused the round, when Prefect's server answered last


def read(connection: Connection) -> KeptAudit | None:
    """Return the last audit; None before the first."""
    kept = json.loads(rounds.switch(connection, _SWITCH) or "null")
    if kept is None:
        return None
    beat = kept["heartbeat_at"]
    return KeptAudit(
        datetime.fromisoformat(kept["at"]),
        tuple(kept["findings"]),
        tuple(kept.get("keys", ())),
        datetime.fromisoformat(beat) if beat else None,
        kept.get("paused", False),
    )


def keep(connection: Connection, audit: KeptAudit) -> None:
    """Keep an audit in place of the one before."""
    kept = json.dumps(audit._asdict(), default=_iso)
    rounds.set_switch(connection, _SWITCH, kept, audit.at)


def _iso(value: Any) -> str:
    """Return a day or a moment in ISO 8601."""
    text: str = value.isoformat()
    return text
