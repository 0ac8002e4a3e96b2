"""Compose each case's thread in the Slack channel of its force or Area, and keep its first message up to date."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import Connection, Engine

from config.settings import Settings
from config.terms import MessageKind, State
from models.queries.obligations.obligation_views import NotificationView
from models.queries.outbox import slack_threads
from models.queries.outbox.outbox import ClaimedMessage
from models.queries.outbox.slack_threads import PostPlace
from models.rules.obligations.relevance import why_not_due
from tasks.carriers.slack.api import SlackApi
from tasks.carriers.slack.posts import buttons, post
from tasks.messages.composing import ComposedMessage
from tasks.messages.contexts import (
    CasePostContext,
    CaseThreadContext,
)
from tasks.messages.itemising import item, ordered, reference, stands
from tasks.messages.ladders import ladder_on

NEVER_SHARED = "restricted, or someone is barred from it: never in a shared channel"
KINDS = frozenset({MessageKind.THREAD, MessageKind.POST})


def queue(connection: Connection, settings: Settings, today: date, due_at: datetime) -> None:
    """Queue the threads of cases that were escalated, and a post for each step, where a place has a Slack channel."""
    if settings.slack.channels:
        slack_threads.begin(connection, sorted(settings.slack.channels), today, due_at)


class Threads:
    """The threads of a batch of posts, read in three statements however many posts there are."""

    def __init__(self, connection: Connection, batch: Sequence[ClaimedMessage], today: date) -> None:
        ids = [held.id for held in batch if held.kind in KINDS]
        self.today = today
        self.places: dict[int, PostPlace] = slack_threads.places(connection, ids) if ids else {}
        parents = [held.id for held in batch if held.kind is MessageKind.THREAD]
        self._cases = slack_threads.present_state(connection, parents, today) if parents else {}
        if parents:
            slack_threads.mark_shown(connection, parents, today)

    def compose(self, held: ClaimedMessage) -> ComposedMessage:
        """Compose a post from its case as it is now, or give the reason why it is silent."""
        place = self.places[held.id]
        if held.kind is MessageKind.THREAD:
            found = self._cases.get(held.id, [])
            if not found or any(each.matter.kept_apart for each in found):
                return ComposedMessage(held, None, None, {}, NEVER_SHARED)
            if all(each.matter.ended_on for each in found):
                return ComposedMessage(held, None, None, {}, "all of it has ended")
            return ComposedMessage(held, None, _thread(found, self.today), {})
        if place.told is None or place.told.matter.kept_apart:
            return ComposedMessage(held, None, None, {}, NEVER_SHARED)
        if place.parent_state is not State.SENT or place.parent is None:
            return ComposedMessage(held, None, None, {}, "its thread could not be begun")
        matter = place.told.matter
        now = stands(matter, matter.end_reason, self.today)
        reason = why_not_due(place.told.happening, place.told.step, now, self.today)
        return ComposedMessage(held, None, None if reason else _step(place.told, self.today), {}, reason)

    def destination(self, held: ClaimedMessage, settings: Settings) -> tuple[str | None, str | None]:
        """Find the Slack channel of a post, if its place still has one, and the `ts` of its thread, if it is in one."""
        place = self.places[held.id]
        if place.parent is not None:
            channel, _, ts = place.parent.partition(":")
            return channel, ts
        return settings.slack.channels.get(place.place), None


def refresh(database: Engine, api: SlackApi, settings: Settings, today: date) -> int:
    """Update every first message whose case has changed; how many. Doing it twice does no harm.

    Raises Down where Slack cannot be used now. A message that Slack refuses is left for the next time, and so is the
    rest of a Slack channel that is gone.
    """
    with database.begin() as connection:
        found = slack_threads.stale(connection, today)
        cases = slack_threads.present_state(connection, [one.message_id for one in found], today)
    changed, gone = 0, set[str]()
    for one in found:
        channel = one.remote_ref.partition(":")[0]
        if channel in gone:
            continue
        answer = api.update(one.remote_ref, _body(cases.get(one.message_id, []), settings, today))
        if answer.state is State.RETRY:
            break  # Slack limits changes in a minute: the next delivery makes the rest
        if answer.state is State.DEAD:
            gone.add(channel)
        if answer.state is State.SENT:
            with database.begin() as connection:
                slack_threads.record_shown(connection, one.message_id, one.now)
            changed += 1
    return changed


def _body(found: Sequence[NotificationView], settings: Settings, today: date) -> bytes:
    hidden = not found or any(each.matter.kept_apart for each in found)
    context = _hidden() if hidden else _thread(found, today)
    return post(MessageKind.THREAD, context, buttons(settings.slack, "", today))


def _hidden() -> CaseThreadContext:
    return CaseThreadContext(hidden=True, reference="", urn=None, items=())


def _thread(found: Sequence[NotificationView], today: date) -> CaseThreadContext:
    matter = found[0].matter
    items = tuple(ordered(item(each, None, today) for each in found))
    return CaseThreadContext(hidden=False, reference=reference(matter), urn=matter.urn, items=items)


def _step(told: NotificationView, today: date) -> CasePostContext:
    matter = told.matter
    step = ladder_on(matter, told.day)[told.step - 1]
    return CasePostContext(day=told.day, step=step.step, to=step.to, item=item(told, None, today))
