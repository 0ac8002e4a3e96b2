"""What a delivery needs to say something by Slack: the conversations open, each message's place and its bytes."""

from collections.abc import Sequence
from datetime import date, timedelta

from sqlalchemy import Connection, Engine

from config.settings import Settings
from config.terms import MessageKind, State
from models.queries.outbox import digests, slack_conversations
from models.queries.outbox.outbox import ClaimedMessage
from tasks.carriers.carrier import Answer
from tasks.carriers.slack.carrier import Carrier, Unreachable
from tasks.carriers.slack.posts import buttons, post, post_ref
from tasks.carriers.slack.threads import KINDS, Threads
from tasks.messages.composing import ComposedMessage

__all__ = ["Batch", "Places", "also_to_operations", "open_conversations", "post_ref"]
Places = dict[str, str | Answer]  # by contact_ref: the conversation's id, or why there is none


def also_to_operations(database: Engine, settings: Settings, today: date) -> None:
    """What operations were written by e-mail since yesterday waits for their Slack channel too, where they have one."""
    if settings.slack.operations:
        with database.begin() as connection:
            digests.copy_to_operations(connection, settings.main.channel, "slack", today - timedelta(days=1))


def open_conversations(database: Engine, carrier: Carrier, batch: Sequence[ClaimedMessage]) -> Places:
    """Where each person of a batch is written to. Before anything is marked as being sent; raises Down.

    A conversation is opened outside any transaction, and kept: opening it twice gives the same one.
    """
    refs = sorted({held.contact_ref for held in batch if held.contact_ref})
    with database.begin() as connection:
        known = slack_conversations.known(connection, refs)
    places: Places = {ref: Answer(State.SILENT, "not in Slack") for ref in refs if ref not in known}
    for ref, (user_id, channel_id) in known.items():
        places[ref] = channel_id or _opened(database, carrier, user_id)
    return places


def _opened(database: Engine, carrier: Carrier, user_id: str) -> str | Answer:
    try:
        carrier.ready()
        channel_id = carrier.direct(user_id)
    except Unreachable as unreachable:
        return unreachable.answer
    with database.begin() as connection:
        slack_conversations.keep(connection, user_id, channel_id)
    return channel_id


class Batch:
    """One batch of Slack's messages, from their world as it is: what each says, where it goes, and as which bytes."""

    def __init__(
        self, connection: Connection, held: Sequence[ClaimedMessage], settings: Settings, places: Places, today: date
    ) -> None:
        self._settings, self._places, self._today = settings, places, today
        self.threads = Threads(connection, held, today)

    def place(self, composed: ComposedMessage) -> str | Answer:
        """Where a message goes, or what becomes of it instead."""
        held = composed.held
        if held.kind in KINDS:
            channel, _ = self.threads.destination(held, self._settings)
            return channel or Answer(State.SILENT, "its place has no Slack channel any more")
        if held.contact_ref is None:
            return self._settings.slack.operations or Answer(State.SILENT, "operations have no Slack channel")
        if composed.reader is None or not composed.reader.email:
            return Answer(State.SILENT, "has left")
        return self._places[held.contact_ref]

    def body(self, composed: ComposedMessage) -> bytes:
        """The bytes, rendered once: those that are kept where there are any."""
        held = composed.held
        if composed.context is None:
            raise ValueError("a message with nothing to say has no bytes")
        _, thread_ts = self.threads.destination(held, self._settings) if held.kind in KINDS else (None, None)
        whose = None if held.kind in {MessageKind.POST, MessageKind.OPERATIONS} else held.contact_ref or ""
        handle = buttons(self._settings.slack, whose, self._today) if whose is not None else None
        return post(held.kind, composed.context, handle, thread_ts)
