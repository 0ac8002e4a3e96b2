"""The mail carrier: a letter for each message, by SMTP or Microsoft Graph, or in a Maildir where there is neither."""

from collections.abc import Sequence
from datetime import datetime
from functools import partial

from sqlalchemy import Connection, Engine

from config import mailbox
from config.mail import Subjects
from config.routes import Channel
from config.settings import Settings
from config.terms import State
from models.errors import Refuse
from models.queries.outbox.outbox import ClaimedMessage
from models.rules.outbox.message_states import REPEAT
from tasks.carriers.carrier import Answer, Down, Reading
from tasks.carriers.mail.allowance import Allowance
from tasks.carriers.mail.graph import Graph
from tasks.carriers.mail.letters import letter, repeated
from tasks.carriers.mail.maildir import Maildir
from tasks.carriers.mail.smtp import Smtp
from tasks.messages.composing import ComposedMessage
from tasks.messages.rendering import render
from tasks.platform import tokens
from tasks.platform.configuration import Configuration


class Carrier:
    """Mail, by the mail server, by Microsoft Graph, or into the Maildir."""

    channel = Channel.EMAIL
    searchable = False  # nobody can look into a mailbox

    def __init__(self, settings: Settings, as_of: datetime, database: Engine) -> None:
        """Write letters dated `as_of`."""
        self._settings, self._as_of = settings, as_of
        self._allowance = Allowance(settings.mail, database)
        self._transport = _transport(settings)

    def prepare(self, claimed: Sequence[ClaimedMessage]) -> Reading:
        """Need the signing secret, without which no letter is blamed. Raises Down."""
        del claimed
        try:
            tokens.check()
        except Refuse as refused:
            raise Down(str(refused)) from None
        return partial(Letters, self._settings, self._as_of)

    def rest(self) -> float:
        """Return the seconds until the mailbox's pace lets out another letter."""
        return self._allowance.rest()

    def ready(self) -> None:
        """Take a connection of the mailbox's; open the session, or make the folders. Raises Down."""
        self._allowance.take()
        self._transport.ready()

    def send(self, to: str, body: bytes, key: str) -> Answer:
        """Send one letter to one recipient. Raises Down where none can be sent now."""
        self._allowance.spend()
        return self._transport.send(to, body, key)

    def takes(self, to: str) -> bool:
        """Return whether the server takes a recipient now, in the session in which it refused others. Raises Down."""
        return self._transport.takes(to)

    def look_for(self, to: str, body: bytes, key: str, sending_at: datetime) -> Answer:
        """Have the letter sent once more, under the same Message-ID and marked: a mailbox cannot be searched.

        One in the Maildir may have been read and thrown away.
        """
        del to, body, key, sending_at
        return Answer(State.RETRY, REPEAT)

    def forget(self, connection: Connection, to: str) -> None:
        """Forget nothing: addresses are the contacts'."""

    def refresh(self) -> None:
        """Change nothing: a letter that is sent stays as it is."""

    def close(self) -> None:
        """End the session, and let another delivery have the connection."""
        self._transport.close()
        self._allowance.end()


class Letters:
    """One batch of letters. They need nothing of the database that their composing has not read."""

    def __init__(
        self, settings: Settings, as_of: datetime, connection: Connection, claimed: Sequence[ClaimedMessage]
    ) -> None:
        del connection, claimed
        self._settings, self._as_of = settings, as_of

    def compose(self, message: ClaimedMessage) -> None:
        """Leave every kind to the composers of all channels."""

    def address(self, composed: ComposedMessage) -> str | Answer:
        """Find the mailbox of the reader or of operations, if it is one in an allowed domain."""
        mail = self._settings.mail
        if composed.held.contact_ref is None:
            to = mail.operations or (mail.from_address if mail.host is None else "")
        else:
            address = composed.reader.email if composed.reader and not composed.reader.left else ""
            to = address if mailbox.allowed(address, mail.allowed_domains) else ""
        return to or Answer(State.DEAD, "no address in an allowed domain")

    def body(self, composed: ComposedMessage, to: str) -> bytes:
        """Write the letter; a possible repeat has the bytes that were sent before, marked."""
        message, settings, mail = composed.held, self._settings, self._settings.mail
        if message.repeated_body is not None:
            return repeated(message.repeated_body, mail.marking)
        if composed.context is None:
            raise Refuse("a message without content has no letter")
        replies = settings.replies.address if settings.replies.on and composed.reader else ""
        rendered = render(message.kind, composed.context, mail.marking, bare=mail.subjects is Subjects.BARE)
        body = letter(composed, rendered, mail, to, self._as_of, replies)
        return repeated(body, mail.marking) if message.repeats else body


def _transport(settings: Settings) -> Graph | Smtp | Maildir:
    if settings.mail.graph:
        return Graph(settings.mail)
    return Smtp(settings.mail) if settings.mail.host else Maildir(settings.home)


def build(configuration: Configuration, database: Engine, as_of: datetime) -> Carrier:
    """Build the carrier of one delivery."""
    return Carrier(configuration.settings, as_of, database)
