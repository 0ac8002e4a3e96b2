"""Erasing the names and addresses of staff who left long ago."""

from datetime import date

from config.retention import Held
from config.terms import Verb
from models.queries import audit
from models.queries.audit import AuditEntry
from models.queries.retention import ageing
from tasks.retention.account import ErasedSoFar, HeldCount
from tasks.servers.database import transaction

AT_ONCE = 500  # people of one transaction


def found(until: date) -> HeldCount:
    """Count the people of whom more than the reference is kept, and who left by a day."""
    with transaction() as connection:
        return HeldCount(Held.STAFF, until, ageing.leavers(connection, until))


def erase(until: date, by: str, progress: ErasedSoFar) -> HeldCount:
    """Erase what is kept of them beside the reference, and return of how many. It may die, and be run again."""
    expected, done = found(until).found or 0, 0
    while True:
        with transaction() as connection:
            refs = ageing.erase_leavers(connection, until, AT_ONCE)
            audit.record(connection, *(AuditEntry(Verb.ERASURE, "contact", ref, "purge", by=by) for ref in refs))
        if not refs:
            return HeldCount(Held.STAFF, until, done)
        done += len(refs)
        progress("staff", done, max(expected, done))
