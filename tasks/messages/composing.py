"""Composing of a claimed message from the current state of the database, or the reason for its silence."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import cached_property
from types import MappingProxyType
from typing import NamedTuple

from sqlalchemy import Connection

from config.days.london import london_day
from config.routes import Channel
from config.terms import Happening
from models.queries.obligations import obligation_views
from models.queries.obligations.obligation_views import NotificationView, Reader
from models.queries.outbox.outbox import ClaimedMessage
from models.queries.pattern import Listed
from models.rules.obligations.relevance import why_not_due
from models.rules.people.knowing import open_to
from models.rules.people.readdressing import BARRED, LEFT
from tasks.messages.contexts import EnclosedMessage, MessageContext
from tasks.messages.itemising import stands
from tasks.messages.offers import Offers
from tasks.obligations import feeds
from tasks.platform.configuration import Configuration

NO_LIST: Listed = MappingProxyType({})
TOLD_NO_REFERENCE = "operations were told no reference, so that its end would tell them nothing"


class ComposedMessage(NamedTuple):
    """A message ready to be rendered, or the reason why it is not sent, with its silenced notifications."""

    held: ClaimedMessage
    reader: Reader | None
    context: MessageContext | None
    silent: dict[int, str]
    nothing: str = ""
    thread: str = ""  # shared by a case's urgent messages; empty if the reader may not know the case
    in_reply_to: str = ""  # the Message-ID of the mail that this one answers
    listed: Listed | None = None  # what its pattern list has of each case, or an agenda of related ones, to be kept


class Relevant(NamedTuple):
    """A message's notifications that go out, those that do not, and why none does where none does."""

    said: list[NotificationView]
    silent: dict[int, str]
    nothing: str = ""


class MessageBatch:
    """The data that a batch of messages needs, whatever their kind, read in a fixed number of statements."""

    def __init__(
        self, configuration: Configuration, connection: Connection, batch: Sequence[ClaimedMessage], at: datetime
    ) -> None:
        self.configuration = configuration
        self.at, self.today = at, london_day(at)
        self.left_out = feeds.left_out(configuration, connection)
        self.enclosed: dict[int, list[EnclosedMessage]] = {}  # what travels in letters, by letter, once it is composed
        refs = sorted({message.contact_ref for message in batch if message.contact_ref})
        self.readers = obligation_views.readers(connection, refs, self.today)
        # The channels on which no restricted case is named, whoever reads. A batch has one channel.
        self.unrestricted = {
            channel
            for channel in {message.channel for message in batch}
            if not configuration.settings.route(channel).restricted
        }
        if self.unrestricted:
            self.readers = {ref: reader._replace(restricted_access=False) for ref, reader in self.readers.items()}
        self.told: dict[int, list[NotificationView]] = {}
        for view in obligation_views.notifications(connection, [message.id for message in batch]):
            self.told.setdefault(view.message_id, []).append(view)
        self._connection = connection
        self._answerable = configuration.settings.replies.on or any(one.channel != Channel.EMAIL for one in batch)

    @cached_property
    def offers(self) -> Offers:
        """The offers to these readers about what their messages tell."""
        return self.offers_about([])

    def offers_about(self, besides: Iterable[NotificationView]) -> Offers:
        """Return the offers to these readers about what their messages tell, and about other obligations.

        None is read where a message can hold no link and no button.
        """
        if not self._answerable:
            return Offers(self.configuration, self._connection, self.today, (), ())
        told = (view.matter.obligation_id for views in self.told.values() for view in views)
        ids = {*told, *(view.matter.obligation_id for view in besides)}
        return Offers(self.configuration, self._connection, self.today, ids, self.readers)

    def reader(self, message: ClaimedMessage) -> Reader | None:
        """Return the person to whom a message goes; None for operations, and for somebody unknown."""
        return self.readers.get(message.contact_ref or "")

    def has_left(self, message: ClaimedMessage) -> bool:
        """Return whether the person to whom a message goes has left. Operations never leave."""
        reader = self.reader(message)
        return bool(message.contact_ref) and (reader is None or reader.left)

    def relevant(self, message: ClaimedMessage) -> Relevant:
        """Sort a message's notifications into those that are to go out now, and the others, with the reason."""
        said, silent = [], {}
        for notification in self.told.get(message.id, []):
            ended = None if notification.owed_again else notification.matter.end_reason
            now = stands(self.configuration, notification.matter, ended, self.today)
            reason = self._unspoken(notification, message) or why_not_due(
                notification.happening, notification.step, now, self.today, reopened=notification.reopened
            )
            if reason:
                silent[notification.notification_id] = reason
            else:
                said.append(notification)
        if self.has_left(message) and all(_reports_an_end(notification) for notification in said):
            return Relevant([], silent | {notification.notification_id: LEFT for notification in said}, LEFT)
        return Relevant(said, silent)

    def withheld(self, message: ClaimedMessage) -> list[int]:
        """Return the notifications of a message of whose cases its reader may learn only that there is one."""
        reader = self.reader(message)
        told = self.told.get(message.id, ())
        return [each.notification_id for each in told if not open_to(reader, each.matter)]

    def _unspoken(self, notification: NotificationView, message: ClaimedMessage) -> str:
        """Return why nothing of a case is said to this reader, or on this channel; empty if it may be said."""
        matter = notification.matter
        if message.contact_ref in matter.barred:
            return BARRED
        if matter.barred and message.contact_ref is None and _reports_an_end(notification):
            return TOLD_NO_REFERENCE
        if matter.restricted and message.channel in self.unrestricted:
            return never_named_on(self.configuration, message.channel)
        return ""


def never_named_on(configuration: Configuration, channel: str) -> str:
    """The reason for silence about a restricted case on a channel that may not name one."""
    return f"restricted: never by {configuration.settings.route(channel).name}"


def silence(relevant: Relevant, message: ClaimedMessage) -> str:
    """Return why a message is not sent: the reasons of its silenced notifications, or why it became empty."""
    return "; ".join(sorted(set(relevant.silent.values()))) or message.reason or "nothing to say"


def _reports_an_end(notification: NotificationView) -> bool:
    """Return whether it only concerns people notified before, so that nobody receives it in place of a leaver."""
    return notification.happening is Happening.RESOLVED
