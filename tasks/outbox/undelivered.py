"""Report undelivered messages to operations: what each was about and whom it was for."""

from hashlib import sha256

from sqlalchemy import Connection

from models.queries.outbox import digests, outbox_list
from tasks.messages import rendering
from tasks.outbox.circuit_breaker import to_operations
from tasks.outbox.sending import Worker


def report(connection: Connection, worker: Worker) -> None:
    """Report what is dead, unknown for an hour or kept back by caps; each once, whichever worker made it so."""
    found = outbox_list.untold(connection, worker.as_of)
    if found or worker.delivered.capped:
        text = rendering.undelivered(found, worker.delivered.capped)
        key = f"undelivered:{worker.as_of.isoformat()}:{sha256(text.encode()).hexdigest()[:12]}"
        digests.operations(connection, key, worker.today.date(), text, worker.as_of, to_operations(worker.settings))
