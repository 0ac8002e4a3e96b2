"""Hold and release the outbox, revive a dead message, and list them all, as people ask."""

from datetime import date, datetime, time
from typing import NamedTuple

from sqlalchemy import Connection

from config.days.london import at_london
from config.terms import State, Verb
from models.errors import Refuse
from models.intake import OWN
from models.queries import audit
from models.queries.audit import AuditEntry
from models.queries.outbox import circuit_breakers, digests, outbox, outbox_list
from models.rules.arithmetic import format_day
from tasks.platform.configuration import Configuration
from tasks.servers.database import transaction


def hold(by: str, at: datetime) -> None:
    """Stop every carrier until `release`, restarts included. `by` is who did it: an account or a contact_ref."""
    with transaction() as connection:
        outbox_list.hold(connection, by, at)
        _audit(connection, "held", by)


def hold_and_ask(configuration: Configuration, about: str, words: str, today: date, at: datetime) -> bool:
    """Stop every carrier, and ask operations a question that the hold lets out; once for what it is `about`."""
    with transaction() as connection:
        asked = (
            digests.operations(connection, f"{outbox.QUESTION}{about}", today, words, at, [configuration.settings.main])
            > 0
        )
        if asked:
            outbox_list.hold(connection, OWN, at)
            _audit(connection, "held", OWN)
    return asked


def release(by: str) -> bool:
    """Let the carriers go on, those that are paused included; whether any had been stopped."""
    with transaction() as connection:
        released = outbox_list.release(connection)
        ended = circuit_breakers.end(connection)
        if released:
            _audit(connection, "released", by)
    return released or ended


def _audit(connection: Connection, reason: str, by: str) -> None:
    audit.record(connection, AuditEntry(Verb.ALTERATION, "outbox", "outbox", reason, by=by))


def requeue(key: str, as_of: datetime) -> None:
    """Revive a dead message: compose it again and try it for another day. Raises Refuse where it is not dead."""
    with transaction() as connection:
        id_ = outbox_list.dead(connection, key)
        if id_ is None:
            raise Refuse(f"There is no dead message with the key {key}: casebeat outbox lists them. Nothing was done.")
        outbox.settle(connection, [id_], State.QUEUED, reason="revived", as_of=as_of, due_at=as_of)


def requeue_many(since: date, code: str, as_of: datetime) -> list[str]:
    """Revive every message that died of a code since a day of London; return their keys, the first first.

    `code` is what a carrier answered, as far as it is to be the same: 550, or 550 5.7.1. Raises Refuse where there is
    none.
    """
    with transaction() as connection:
        found = outbox_list.dead_since(connection, at_london(since, time(0)), code)
        if not found:
            raise Refuse(
                f'No message has died of "{code}" since {format_day(since)}: casebeat outbox shows the reasons. '
                "Nothing was done."
            )
        outbox.settle(connection, list(found), State.QUEUED, reason="revived", as_of=as_of, due_at=as_of)
    return list(found.values())


class Overview(NamedTuple):
    """Messages that wait or failed, the count of each state, whether carriers are held, and which are paused."""

    listed: list[outbox_list.ListedMessage]
    counts: dict[str, int]
    held: bool
    pauses: list[circuit_breakers.Pause]


def overview(*, everything: bool = False) -> Overview:
    """List the outbox, with its counts and pauses."""
    with transaction() as connection:
        return Overview(
            outbox_list.listed(connection, everything=everything),
            outbox_list.counts(connection),
            outbox_list.is_held(connection),
            circuit_breakers.pauses(connection),
        )
