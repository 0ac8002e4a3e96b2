"""Compose a case's thread for a channel that a force or Area shares: its first message, and one for each step."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import fields, is_dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import Connection

from config.message_kinds import MessageKind, Reach, reaching
from models.queries.outbox import case_threads
from models.queries.outbox.case_threads import PostPlace
from models.queries.outbox.outbox import ClaimedMessage
from models.rules.obligations.relevance import why_not_due
from tasks.messages.composing import ComposedMessage
from tasks.messages.itemising import stands
from tasks.messages.post import step_context
from tasks.messages.thread import thread_context
from tasks.platform.configuration import Configuration
from tasks.platform.text import one_line

NEVER_SHARED = "restricted, or someone is barred from it: never in a shared channel"
KINDS = reaching(Reach.PLACES)


class CaseThreads(ABC):
    """The threads of a batch of posts, read in three statements however many posts there are."""

    def __init__(
        self, configuration: Configuration, connection: Connection, batch: Sequence[ClaimedMessage], today: date
    ) -> None:
        self._configuration = configuration
        ids = [message.id for message in batch if message.kind in KINDS]
        self.today = today
        self.places: dict[int, PostPlace] = case_threads.places(connection, ids) if ids else {}
        self.parents = [message.id for message in batch if message.kind is MessageKind.THREAD]
        self._cases = case_threads.present_state(connection, self.parents, today) if self.parents else {}

    @abstractmethod
    def misplaced(self, held: ClaimedMessage, place: PostPlace) -> str:
        """Give the reason why a step has no place of its own in this channel; empty where it has one."""

    def compose(self, message: ClaimedMessage) -> ComposedMessage:
        """Compose a post from its case as it is now, or give the reason why it is silent."""
        place = self.places[message.id]
        if message.kind is MessageKind.THREAD:
            found = self._cases.get(message.id, [])
            if not found or any(notification.matter.kept_apart for notification in found):
                return ComposedMessage(message, None, None, {}, NEVER_SHARED)
            if all(notification.matter.ended_on for notification in found):
                return ComposedMessage(message, None, None, {}, "all of it has ended")
            return ComposedMessage(message, None, thread_context(self._configuration, found, self.today), {})
        if place.told is None or place.told.matter.kept_apart:
            return ComposedMessage(message, None, None, {}, NEVER_SHARED)
        if why := self.misplaced(message, place):
            return ComposedMessage(message, None, None, {}, why)
        matter = place.told.matter
        now = stands(self._configuration, matter, matter.end_reason, self.today)
        reason = why_not_due(place.told.happening, place.told.step, now, self.today)
        return ComposedMessage(
            message, None, None if reason else step_context(self._configuration, place.told, self.today), {}, reason
        )


def cleaned(value: Any) -> Any:
    """Put every text of a value on one line, so that none can begin a line of its own."""
    if type(value) is str:
        return one_line(value)
    if hasattr(value, "_asdict"):
        return value._replace(**{name: cleaned(field) for name, field in value._asdict().items()})
    if isinstance(value, tuple):
        return tuple(cleaned(each) for each in value)
    if is_dataclass(value) and not isinstance(value, type):
        return replace(value, **{field.name: cleaned(getattr(value, field.name)) for field in fields(value)})
    return value
