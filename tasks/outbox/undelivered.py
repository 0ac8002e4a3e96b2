"""The undelivered: what could not be said falls to operations, who read what it was about and whom it was for."""

from hashlib import sha256

from sqlalchemy import Connection

from models.queries.outbox import digests, outbox_list
from tasks.messages import rendering
from tasks.outbox.circuit_breaker import to_operations
from tasks.outbox.sending import Worker


def tell_operations(connection: Connection, worker: Worker) -> None:
    """Tell what is dead, what has been unknown for an hour and what caps keep back; each once, whoever made it so."""
    found = outbox_list.to_be_told(connection, worker.as_of)
    if found or worker.delivered.capped:
        told = rendering.undelivered(found, worker.delivered.capped)
        key = f"undelivered:{worker.as_of.isoformat()}:{sha256(told.encode()).hexdigest()[:12]}"
        digests.operations(connection, key, worker.today.date(), told, worker.as_of, to_operations(worker.settings))
