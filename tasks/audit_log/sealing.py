"""Seal the audit rows that have no seal yet. Whoever writes rows waits for nobody; one process at a time seals."""

from models.queries.audit_log import seals
from models.queries.audit_log.seals import Head
from tasks.servers.database import transaction


def seal() -> int:
    """Seal every row that is committed, a transaction for each seal, and return how many rows."""
    total = 0
    while True:
        with transaction() as connection:
            sealed = seals.seal(connection)
        total += sealed
        if sealed < seals.ROWS:
            return total


def written(head: Head) -> str:
    """Return a head as `casebeat audit verify --head` takes it: the number and the first half of the digest."""
    return f"{head.number}:{head.digest[:32]}"
