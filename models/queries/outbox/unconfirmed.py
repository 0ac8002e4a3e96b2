"""Messages that may have arrived, nobody knows: which may be asked about, and which wait too long for an answer."""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection

from models.queries.driver import execute, fetch
from models.rules.outbox.message_states import GONE, MOST_TRIES, REPEAT


class UnconfirmedMessage(NamedTuple):
    """A message whose sending nobody answered for. `twice`: it was said once more, and no carrier answered again.

    Or it was tried as often as any. Workers that died over it do not count: they may never have said it.
    """

    id: int
    key: str
    to: str
    body: bytes
    sending_at: datetime
    tries: int
    twice: bool


def ids(connection: Connection, channel: str, *, searchable: bool) -> list[int]:
    """The messages of a channel that may be asked about by now, longest unanswered first.

    A message of a `searchable` channel is looked for only after a while, when it shows if it was made; a message that
    is sent again without looking, as a letter is, needs no such while.
    """
    rows = fetch(
        connection,
        """select id from messages
           where state = 'unknown' and channel = %s and (not %s or lease_until < now())
           order by sending_at, id""",
        (channel, searchable),
    )
    return [row[0] for row in rows]


def take(connection: Connection, message_id: int) -> UnconfirmedMessage | None:
    """One of them, kept from every other worker until the transaction ends; None where another has it or had it."""
    rows = fetch(
        connection,
        """select id, key, coalesce(remote_ref, ''), coalesce(body, ''), sending_at, attempts,
                  starts_with(reason, %s) and right(reason, length(%s)) <> %s or attempts >= %s
           from messages where id = %s and state = 'unknown' for update skip locked""",
        (REPEAT, GONE, GONE, MOST_TRIES, message_id),
    )
    return next((UnconfirmedMessage(row[0], row[1], row[2], bytes(row[3]), *row[4:]) for row in rows), None)


def ask_later(connection: Connection, message_id: int, seconds: int) -> None:
    """Leave a message unknown, and ask again when so many seconds have gone by."""
    execute(
        connection,
        "update messages set lease_until = now() + make_interval(secs => %s) where id = %s and state = 'unknown'",
        (seconds, message_id),
    )
