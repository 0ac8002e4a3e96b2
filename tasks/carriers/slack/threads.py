"""Place each case's thread in the Slack channel of its force or Area, and keep its first message up to date."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import Connection, Engine

from config.message_kinds import MessageKind
from config.routes import Channel
from config.settings import Settings
from config.terms import State
from models.queries.obligations.obligation_views import NotificationView
from models.queries.outbox import case_threads
from models.queries.outbox.case_threads import PostPlace
from models.queries.outbox.outbox import ClaimedMessage
from tasks.carriers.case_threads import CaseThreads
from tasks.carriers.slack.api import SlackApi
from tasks.carriers.slack.posts import buttons, post
from tasks.messages.thread import HIDDEN, thread_context
from tasks.platform.configuration import Configuration


def queue(connection: Connection, settings: Settings, today: date, due_at: datetime) -> None:
    """Queue the threads of cases that were escalated, and a post for each step, where a place has a Slack channel."""
    if settings.slack.channels:
        case_threads.begin(connection, Channel.SLACK, sorted(settings.slack.channels), today, due_at)


class Threads(CaseThreads):
    """The threads of a batch of posts, and their places in Slack."""

    def __init__(
        self, configuration: Configuration, connection: Connection, batch: Sequence[ClaimedMessage], today: date
    ) -> None:
        super().__init__(configuration, connection, batch, today)
        if self.parents:
            case_threads.mark_shown(connection, self.parents, today)

    def misplaced(self, held: ClaimedMessage, place: PostPlace) -> str:
        """Post a step only beneath a first message that is there."""
        del held
        begun = place.parent_state is State.SENT and place.parent is not None
        return "" if begun else "its thread could not be begun"

    def destination(self, message: ClaimedMessage, settings: Settings) -> tuple[str | None, str | None]:
        """Find the Slack channel of a post, if its place still has one, and the `ts` of its thread, if it is in one."""
        place = self.places[message.id]
        if place.parent is not None:
            channel, _, ts = place.parent.partition(":")
            return channel, ts
        return settings.slack.channels.get(place.place), None


def refresh(configuration: Configuration, database: Engine, api: SlackApi, today: date) -> int:
    """Update every first message whose case has changed; how many. Doing it twice does no harm.

    Raises Down where Slack cannot be used now. A message that Slack refuses is left for the next time, and so is the
    rest of a Slack channel that is gone.
    """
    with database.begin() as connection:
        found = case_threads.stale(connection, today)
        cases = case_threads.present_state(connection, [parent.message_id for parent in found], today)
    changed, gone = 0, set[str]()
    for parent in found:
        channel = parent.remote_ref.partition(":")[0]
        if channel in gone:
            continue
        answer = api.update(parent.remote_ref, _body(configuration, cases.get(parent.message_id, []), today))
        if answer.state is State.RETRY:
            break  # Slack limits changes in a minute: the next delivery makes the rest
        if answer.state is State.DEAD:
            gone.add(channel)
        if answer.state is State.SENT:
            with database.begin() as connection:
                case_threads.record_shown(connection, parent.message_id, parent.now)
            changed += 1
    return changed


def _body(configuration: Configuration, notifications: Sequence[NotificationView], today: date) -> bytes:
    hidden = not notifications or any(notification.matter.kept_apart for notification in notifications)
    context = HIDDEN if hidden else thread_context(configuration, notifications, today)
    return post(MessageKind.THREAD, context, buttons(configuration.settings.slack, "", today))
