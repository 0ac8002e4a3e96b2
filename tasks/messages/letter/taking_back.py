"""What a letter takes back: matters of which its reader had read something wrong, and what is right."""

from collections.abc import Iterable, Sequence
from datetime import date

from sqlalchemy import Connection

from config.terms import Happening
from models.queries.obligations import corrections
from models.queries.obligations.obligation_views import NotificationView, Reader
from models.rules.people.knowing import open_to
from tasks.messages.itemising import item
from tasks.messages.letter.contexts import TakenBack
from tasks.platform.configuration import Configuration


class TakingBack:
    """The corrections among a batch's notifications, read in one statement."""

    def __init__(self, configuration: Configuration, connection: Connection, views: Iterable[NotificationView]) -> None:
        self._configuration = configuration
        ids = [notification.notification_id for notification in views if notification.happening is Happening.RESOLVED]
        self._found = corrections.corrected(connection, ids) if ids else {}

    def news(self, views: Sequence[NotificationView]) -> list[NotificationView]:
        """Return the other notifications, without the end of a matter that is taken back."""
        gone = {
            notification.matter.obligation_id for notification in views if notification.notification_id in self._found
        }
        return [
            notification
            for notification in views
            if notification.happening is not Happening.RESOLVED or notification.matter.obligation_id not in gone
        ]  # fmt: skip

    def lines(self, views: Sequence[NotificationView], reader: Reader | None, today: date) -> tuple[TakenBack, ...]:
        """Return what is taken back of cases that the reader may know."""
        return tuple(
            TakenBack(
                item=item(self._configuration, notification, reader, today),
                read_on=(step := self._found[notification.notification_id]).said_on,
                due_then=step.said_due_on,
                due_on=step.due_on,
                reopened=step.reopened,
            )
            for notification in views
            if notification.notification_id in self._found and open_to(reader, notification.matter)
        )
