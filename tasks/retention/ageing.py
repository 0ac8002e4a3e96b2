"""Erasing what ages by itself: the text of old messages, and of staff who left long ago all but the reference.

A message's row stays: to whom, when, and what became of it. Either may die at any moment, and be run again.
"""

from collections.abc import Callable
from datetime import date

from sqlalchemy import Connection

from config.retention import Held
from config.terms import Verb
from models.queries import audit
from models.queries.audit import AuditEntry
from models.queries.retention import ageing
from tasks.retention.account import ErasedSoFar, HeldCount
from tasks.servers.database import transaction

BODIES_AT_ONCE = 5_000  # messages of one transaction
STAFF_AT_ONCE = 500  # people of one transaction


def old_bodies(until: date) -> HeldCount:
    """Count the messages whose text is to go."""
    with transaction() as connection:
        return HeldCount(Held.BODIES, until, ageing.old_bodies(connection, until))


def erase_bodies(until: date, by: str, progress: ErasedSoFar) -> HeldCount:
    """Erase the text of messages up to a day, and return of how many."""

    def some(connection: Connection) -> int:
        erased = ageing.erase_bodies(connection, until, BODIES_AT_ONCE)
        if erased:
            detail = {"until": until.isoformat(), "messages": erased}
            audit.record(connection, AuditEntry(Verb.ERASURE, "messages", "bodies", "purge", by=by, detail=detail))
        return erased

    return _until_none(old_bodies(until), "messages", some, progress)


def leavers(until: date) -> HeldCount:
    """Count the people of whom more than the reference is kept, and who left by a day."""
    with transaction() as connection:
        return HeldCount(Held.STAFF, until, ageing.leavers(connection, until))


def erase_leavers(until: date, by: str, progress: ErasedSoFar) -> HeldCount:
    """Erase what is kept of them beside the reference, and return of how many."""

    def some(connection: Connection) -> int:
        refs = ageing.erase_leavers(connection, until, STAFF_AT_ONCE)
        return audit.record(connection, *(AuditEntry(Verb.ERASURE, "contact", ref, "purge", by=by) for ref in refs))

    return _until_none(leavers(until), "staff", some, progress)


def _until_none(count: HeldCount, noun: str, some: Callable[[Connection], int], progress: ErasedSoFar) -> HeldCount:
    """Erase some in a transaction of their own until none is left, and return how many went."""
    expected, done = count.found or 0, 0
    while True:
        with transaction() as connection:
            erased = some(connection)
        if not erased:
            return count._replace(found=done)
        done += erased
        progress(noun, done, max(expected, done))
