"""Events in the database of a Prefect server, whose API deletes none."""

from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import Connection

from models.queries.driver import execute, fetch_as


class PrefectEvent(NamedTuple):
    """An event: its id, and all that it says."""

    id: str
    said: str


def events(connection: Connection) -> list[PrefectEvent]:
    """Return all events that the server keeps."""
    statement = "select id::text as id, concat_ws(' ', resource, related, payload) as said from events"
    return fetch_as(connection, PrefectEvent, statement)


def delete(connection: Connection, ids: Sequence[str]) -> None:
    """Delete events with what they are about."""
    for statement in (
        "delete from event_resources where event_id = any(%s::uuid[])",
        "delete from events where id = any(%s::uuid[])",
    ):
        execute(connection, statement, (list(ids),))
