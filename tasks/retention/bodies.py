"""Erasing the text of old messages. Their rows stay: to whom, when, and what became of them."""

from datetime import date

from config.retention import Held
from config.terms import Verb
from models.queries import audit
from models.queries.audit import AuditEntry
from models.queries.retention import ageing
from tasks.retention.account import ErasedSoFar, HeldCount
from tasks.servers.database import transaction

AT_ONCE = 5_000  # messages of one transaction


def found(until: date) -> HeldCount:
    """Count the messages whose text is to go."""
    with transaction() as connection:
        return HeldCount(Held.BODIES, until, ageing.old_bodies(connection, until))


def erase(until: date, by: str, progress: ErasedSoFar) -> HeldCount:
    """Erase the text of messages up to a day, and return of how many. It may die at any moment, and be run again."""
    expected, done = found(until).found or 0, 0
    while True:
        with transaction() as connection:
            erased = ageing.erase_bodies(connection, until, AT_ONCE)
            if not erased:
                return HeldCount(Held.BODIES, until, done)
            detail = {"until": until.isoformat(), "messages": erased}
            audit.record(connection, AuditEntry(Verb.ERASURE, "messages", "bodies", "purge", by=by, detail=detail))
        done += erased
        progress("messages", done, max(expected, done))
