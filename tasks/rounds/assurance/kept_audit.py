"""The last audit of the book as it is kept: one switch, whose value is JSON."""

import json
from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Any, NamedTuple

from sqlalchemy import Connection

from models.queries.rounds import rounds
from models.rules.rounds.telling import Told

_SWITCH = "assurance"


class KeptAudit(NamedTuple):
    """When the auditor looked, what it found, when the last heartbeat left, and what operations know of it."""

    at: datetime
    findings: tuple[str, ...] = ()  # sentences
    keys: tuple[str, ...] = ()  # of the findings
    heartbeat_at: datetime | None = None
    paused: bool = False  # a person paused the round, when Prefect's server answered last
    told: Mapping[str, Told] = MappingProxyType({})


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
        {key: Told(datetime.fromisoformat(at), *rest) for key, (at, *rest) in kept.get("told", {}).items()},
    )


def keep(connection: Connection, audit: KeptAudit) -> None:
    """Keep an audit in place of the one before."""
    kept = json.dumps({**audit._asdict(), "told": dict(audit.told)}, default=_iso)
    rounds.set_switch(connection, _SWITCH, kept, audit.at)


def _iso(value: Any) -> str:
    """Return a day or a moment in ISO 8601."""
    text: str = value.isoformat()
    return text
