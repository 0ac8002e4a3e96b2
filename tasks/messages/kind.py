"""The type of a kind of message: one value that composing, rendering, previews and carriers read."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from importlib import import_module
from typing import Any, Generic, NamedTuple, Protocol, TypeVar

from sqlalchemy import Connection

from config.mail import Mail
from config.message_kinds import MessageKind
from models.queries.outbox.outbox import ClaimedMessage
from tasks.messages.composing import ComposedMessage, MessageBatch
from tasks.messages.contexts import EnclosedMessage, MessageContext
from tasks.messages.samples import written

C = TypeVar("C", bound=MessageContext)
N = TypeVar("N")


@dataclass(frozen=True)
class Attachment:
    """A file that goes with a message."""

    name: str
    subtype: str  # of text: csv or html
    content: str


class EventFile(NamedTuple):
    """An iCalendar file and its method, REQUEST or CANCEL (RFC 5546)."""

    method: str
    ics: str


class MessageComposer(Protocol):
    """The composer of one kind of message, made when what the messages of a batch need is read."""

    def compose(self, held: ClaimedMessage, world: MessageBatch) -> ComposedMessage:
        """Compose one message, or find the reason why it is not sent."""


Composing = Callable[[Connection, Sequence[ClaimedMessage], MessageBatch], MessageComposer]


class _Singly(NamedTuple):
    compose: Callable[[ClaimedMessage, MessageBatch], ComposedMessage]


def singly(compose: Callable[[ClaimedMessage, MessageBatch], ComposedMessage]) -> Composing:
    """Return the composing of a kind that needs nothing of the database beside what every kind needs."""
    return lambda _connection, _messages, _world: _Singly(compose)


def noticed(
    read: Callable[[Connection, list[int]], Mapping[int, N]],
    compose: Callable[[N, ClaimedMessage, MessageBatch], ComposedMessage],
) -> Composing:
    """Return the composing of a kind whose messages each have a notice, read in one statement for a batch."""

    def composing(connection: Connection, messages: Sequence[ClaimedMessage], _: MessageBatch) -> MessageComposer:
        notices = read(connection, [message.id for message in messages])
        return _Singly(lambda message, world: compose(notices[message.id], message, world))

    return composing


def _no_files(context: MessageContext, marking: str) -> Iterable[Attachment]:
    del context, marking
    return ()


def _no_messages(context: MessageContext) -> Iterable[EnclosedMessage]:
    del context
    return ()


def _no_shorter(context: MessageContext) -> Iterator[MessageContext]:
    del context
    return iter(())


@dataclass(frozen=True, kw_only=True)
class Kind(Generic[C]):
    """One kind of message. Its templates are in the folder of its name: subject.txt, body.txt and body.html for mail.

    A kind that goes by other channels too has a template of each one's name; one that travels in letters has line.txt,
    a macro that makes its line in a letter.
    """

    name: MessageKind
    about: str  # what it tells whom, in one sentence, for the documents
    context: type[C]
    composing: Composing | None  # none: the carriers of channels that places share compose it
    filed: str = "letters"  # the list by which a mail program files it
    answers: bool = False  # whether it answers a mail of its reader
    attached: Callable[[C, str], Iterable[Attachment]] = _no_files  # what goes with it, under a protective marking
    enclosed: Callable[[C, str], Iterable[Attachment]] = _no_files  # what goes with the letter in which it travels
    holds: Callable[[C], Iterable[EnclosedMessage]] = _no_messages  # what travels in it
    shorter: Callable[[C], Iterator[MessageContext]] = _no_shorter  # for a channel with a longest message: ever less
    event: Callable[[str, C, Mail, str, datetime], EventFile] | None = None  # of its key, mail, address and moment
    samples: Callable[[], Mapping[str, C]] | None = None  # none: they are written in `config/samples`

    def sampled(self) -> Mapping[str, C]:
        """Return made-up messages by name, for previews and tests; no reference belongs to a real case."""
        return self.samples() if self.samples else written(self.name, self.context)


def kind_called(name: MessageKind) -> Kind[Any]:
    """Return the `KIND` of the module or package in `tasks.messages` that is called as a kind is."""
    kind: Kind[Any] = import_module(f"tasks.messages.{name}").KIND
    return kind
