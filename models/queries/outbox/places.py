"""Locks that count how many deliveries of all machines use one mailbox at once."""

from sqlalchemy import Connection

from models.queries.driver import execute, scalar


def take(connection: Connection, channel: str, most: int) -> int | None:
    """Take one of `most` places in this session, which holds it until it ends; None where all are taken."""
    for place in range(1, most + 1):
        free = "select pg_try_advisory_lock(hashtext('casebeat ' || %s), %s)"
        if scalar(connection, free, (channel, place)):
            return place
    return None


def give_back(connection: Connection, channel: str, place: int) -> None:
    """Free a place; the session goes on."""
    execute(connection, "select pg_advisory_unlock(hashtext('casebeat ' || %s), %s)", (channel, place))
