"""The Slack carrier: a post for each message, in a conversation with its reader or in a case's thread."""

from collections.abc import Sequence
from datetime import date, datetime
from functools import partial

from sqlalchemy import Connection, Engine

from config.days.london import london_day
from config.routes import Channel
from config.terms import State
from models.queries.outbox import slack_conversations
from models.queries.outbox.outbox import ClaimedMessage
from tasks.carriers.carrier import Answer, Reading
from tasks.carriers.case_threads import KINDS
from tasks.carriers.slack import threads
from tasks.carriers.slack.api import SlackApi, Unreachable
from tasks.carriers.slack.posts import buttons, post, post_ref
from tasks.messages.composing import ComposedMessage
from tasks.platform.configuration import Configuration

Conversations = dict[str, str | Answer]  # by contact_ref: the conversation's id, or why there is none


class Carrier:
    """Slack, by one connection to its Web API."""

    channel = Channel.SLACK
    searchable = True

    def __init__(self, configuration: Configuration, database: Engine, today: date) -> None:
        """Write what is true on the London day `today`."""
        self._configuration = configuration
        self._database, self._today = database, today
        self._api = SlackApi(configuration.settings.slack)

    def prepare(self, claimed: Sequence[ClaimedMessage]) -> Reading:
        """Open a conversation with each reader, and keep it: opening it twice gives the same one. Raises Down."""
        refs = sorted({message.contact_ref for message in claimed if message.contact_ref})
        with self._database.begin() as connection:
            known = slack_conversations.known(connection, refs)
        found: Conversations = {ref: Answer(State.SILENT, "not in Slack") for ref in refs if ref not in known}
        for ref, (user_id, channel_id) in known.items():
            found[ref] = channel_id or self._open(user_id)
        return partial(Posts, self._configuration, found, self._today)

    def rest(self) -> float:
        """Wait for nothing: Slack says by itself when it is too much."""
        return 0.0

    def ready(self) -> None:
        """Check once that Slack knows Casebeat. Raises Down."""
        self._api.ready()

    def send(self, to: str, body: bytes, key: str) -> Answer:
        """Post one message, once. Raises Down where none can be posted now."""
        return self._api.send(to, body, post_ref(key))

    def takes(self, to: str) -> bool:
        """Return true: nobody is refused here for another's fault."""
        del to
        return True

    def look_for(self, to: str, body: bytes, key: str, sending_at: datetime) -> Answer:
        """Search the Slack channel for a post: found, surely absent and to be tried again, or unknown. Raises Down."""
        return self._api.look_for(to, body, post_ref(key), sending_at)

    def forget(self, connection: Connection, to: str) -> None:
        """Drop a conversation that refused a post, so that the next post opens it again."""
        slack_conversations.forget(connection, to)

    def refresh(self) -> None:
        """Update the first message of every thread whose case has changed. Raises Down."""
        threads.refresh(self._configuration, self._database, self._api, self._today)

    def close(self) -> None:
        """Close the connection."""
        self._api.close()

    def _open(self, user_id: str) -> str | Answer:
        try:
            self._api.ready()
            channel_id = self._api.direct(user_id)
        except Unreachable as unreachable:
            return unreachable.answer
        with self._database.begin() as connection:
            slack_conversations.keep(connection, user_id, channel_id)
        return channel_id


class Posts:
    """One batch of posts: the threads they belong to, and the conversations with their readers."""

    def __init__(
        self,
        configuration: Configuration,
        conversations: Conversations,
        today: date,
        connection: Connection,
        claimed: Sequence[ClaimedMessage],
    ) -> None:
        self._settings, self._conversations, self._today = configuration.settings, conversations, today
        self._threads = threads.Threads(configuration, connection, claimed, today)

    def compose(self, message: ClaimedMessage) -> ComposedMessage | None:
        """Compose a thread's messages; the composers of all channels have the rest."""
        return self._threads.compose(message) if message.kind in KINDS else None

    def address(self, composed: ComposedMessage) -> str | Answer:
        """Find the Slack channel of the thread or of operations, or the conversation with the reader."""
        message = composed.held
        if message.kind in KINDS:
            channel, _ = self._threads.destination(message, self._settings)
            return channel or Answer(State.SILENT, "its place has no Slack channel any more")
        if message.contact_ref is None:
            return self._settings.slack.operations or Answer(State.SILENT, "operations have no Slack channel")
        if composed.reader is None or composed.reader.left:
            return Answer(State.SILENT, "has left")
        return self._conversations[message.contact_ref]

    def body(self, composed: ComposedMessage, to: str) -> bytes:
        """Render a post with its buttons. A repeat is rendered again: it was surely not posted."""
        del to
        message = composed.held
        if composed.context is None:
            raise ValueError("a message without content has no bytes")
        _, thread_ts = self._threads.destination(message, self._settings) if message.kind in KINDS else (None, None)
        handle = buttons(self._settings.slack, message.contact_ref or "", self._today)
        return post(message.kind, composed.context, handle, thread_ts)


def build(configuration: Configuration, database: Engine, as_of: datetime) -> Carrier:
    """Build the carrier of one delivery."""
    return Carrier(configuration, database, london_day(as_of))
