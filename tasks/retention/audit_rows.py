"""Erasing the beginning of the audit log, by the role that owns it. What stays is proved as before."""

from datetime import date, datetime, time, timedelta

from psycopg2 import ProgrammingError
from sqlalchemy import Connection

from config.days.london import at_london
from config.retention import Back, Held
from config.terms import Verb
from models.errors import Refuse
from models.queries import audit
from models.queries.audit import AuditEntry
from models.queries.audit_log import checkpoints, seals
from models.queries.retention import holds
from tasks.audit_log import sealing
from tasks.retention.account import ErasedSoFar, HeldCount
from tasks.servers import database
from tasks.servers.migrate import as_owner

SEALS = 20  # of one transaction, in which nobody else writes to the log


def found(until: date) -> HeldCount:
    """Count the audit rows whose seals are all from before the end of a day.

    Rows since the opening of a case that is held stay with it: the account then ends on the day before.
    """
    with database.transaction() as connection:
        kept = holds.kept(connection)
        holds_back = kept.since is not None and kept.since <= until
        last = kept.since - timedelta(days=1) if kept.since and holds_back else until
        back = {Back.HOLD: kept.cases} if holds_back else {}
        return HeldCount(Held.AUDIT, last, checkpoints.old_seals(connection, _end(last)).rows, back=back)


def erase(until: date, by: str, progress: ErasedSoFar) -> HeldCount:
    """Erase the rows of old seals, some seals a transaction, and return how many. It may die, and be run again.

    Raises Refuse where the owner's URL names a role that does not own the tables.
    """
    old, done = found(until), 0
    if old.found:
        with as_owner(database.owner_url()) as connection:
            try:
                while rows := _erase_some(connection, old.until, by):
                    done += rows
                    progress("audit rows", done, old.found)
            except ProgrammingError as error:
                raise Refuse(
                    f"The audit log could not be opened (pgcode {error.pgcode}): "
                    f"CASEBEAT_DATABASE_OWNER_URL must name the role that owns the tables. {done} rows were erased."
                ) from None
        sealing.seal()
    return old._replace(found=done)


def _erase_some(connection: Connection, until: date, by: str) -> int:
    with connection.begin():
        old = checkpoints.old_seals(connection, _end(until), SEALS)
        if old.last is None:
            return 0
        detail = {"seal": old.last, "digest": seals.digest_of(connection, old.last), "rows": old.rows}
        checkpoints.erase(connection, old.last)
        entry = AuditEntry(Verb.ERASURE, checkpoints.ABOUT, f"seal {old.last}", "purge", by=by, detail=detail)
        audit.record(connection, entry)
    return old.rows


def _end(day: date) -> datetime:
    return at_london(day + timedelta(days=1), time(0))
