"""Threads: what each case's thread in a Slack channel shows and says, and how its first message is kept true."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import Connection, Engine

from config.settings import Settings
from config.terms import MessageKind, State
from models.queries.obligations.obligation_views import NotificationView
from models.queries.outbox import slack_threads
from models.queries.outbox.outbox import ClaimedMessage
from models.queries.outbox.slack_threads import PostPlace
from models.rules.obligations.relevance import why_not_due
from tasks.carriers.slack.carrier import Carrier
from tasks.carriers.slack.posts import buttons, post
from tasks.messages.composing import NEVER_BY_SLACK, ComposedMessage
from tasks.messages.contexts import CasePostContext, CaseThreadContext
from tasks.messages.itemising import item, ordered, reference, stands
from tasks.platform import configuration

KINDS = frozenset({MessageKind.THREAD, MessageKind.POST})


class Threads:
    """What a batch of posts needs to know, read in three statements however many there are."""

    def __init__(self, connection: Connection, batch: Sequence[ClaimedMessage], today: date) -> None:
        ids = [held.id for held in batch if held.kind in KINDS]
        self.today = today
        self.places: dict[int, PostPlace] = slack_threads.places(connection, ids) if ids else {}
        parents = [held.id for held in batch if held.kind is MessageKind.THREAD]
        self._stands = slack_threads.stands(connection, parents, today) if parents else {}
        if parents:
            slack_threads.showing(connection, parents, today)

    def compose(self, held: ClaimedMessage) -> ComposedMessage:
        """What a post says now, or why it is not said."""
        place = self.places[held.id]
        if held.kind is MessageKind.THREAD:
            found = self._stands.get(held.id, [])
            if not found or any(told.matter.restricted for told in found):
                return ComposedMessage(held, None, None, {}, NEVER_BY_SLACK)
            if all(told.matter.ended_on for told in found):
                return ComposedMessage(held, None, None, {}, "all of it has ended")
            return ComposedMessage(held, None, _thread(found, self.today), {})
        if place.told is None or place.told.matter.restricted:
            return ComposedMessage(held, None, None, {}, NEVER_BY_SLACK)
        if place.parent_state is not State.SENT or place.parent is None:
            return ComposedMessage(held, None, None, {}, "its thread could not be begun")
        matter = place.told.matter
        now = stands(matter, matter.end_reason, self.today)
        reason = why_not_due(place.told.happening, place.told.step, now, self.today)
        return ComposedMessage(held, None, None if reason else _step(place.told, self.today), {}, reason)

    def destination(self, held: ClaimedMessage, settings: Settings) -> tuple[str | None, str | None]:
        """The Slack channel of a post, if its place still has one, and the `ts` of the thread that it belongs to."""
        place = self.places[held.id]
        if place.parent is not None:
            channel, _, ts = place.parent.partition(":")
            return channel, ts
        return settings.slack.channels.get(place.place), None


def refresh(database: Engine, carrier: Carrier, settings: Settings, today: date) -> int:
    """Change every first message whose case stands otherwise than it shows; how many. Doing it twice does no harm.

    Raises Down where Slack cannot be used now. One that Slack refuses is left for the next time, and so is the rest of
    a Slack channel that is gone.
    """
    with database.begin() as connection:
        found = slack_threads.stale(connection, today)
        stands = slack_threads.stands(connection, [one.message_id for one in found], today)
    changed, gone = 0, set[str]()
    for one in found:
        channel = one.remote_ref.partition(":")[0]
        if channel in gone:
            continue
        answer = carrier.update(one.remote_ref, _body(stands.get(one.message_id, []), settings, today))
        if answer.state is State.RETRY:
            break  # Slack lets so many be changed in a minute: the rest when it is asked again
        if answer.state is State.DEAD:
            gone.add(channel)
        if answer.state is State.SENT:
            with database.begin() as connection:
                slack_threads.shown(connection, one.message_id, one.now)
            changed += 1
    return changed


def _body(found: Sequence[NotificationView], settings: Settings, today: date) -> bytes:
    hidden = not found or any(told.matter.restricted for told in found)
    context = _hidden() if hidden else _thread(found, today)
    return post(MessageKind.THREAD, context, buttons(settings.slack, "", today))


def _hidden() -> CaseThreadContext:
    return CaseThreadContext(hidden=True, reference="", urn=None, items=())


def _thread(found: Sequence[NotificationView], today: date) -> CaseThreadContext:
    matter = found[0].matter
    items = tuple(ordered(item(told, None, today) for told in found))
    return CaseThreadContext(hidden=False, reference=reference(matter), urn=matter.urn, items=items)


def _step(told: NotificationView, today: date) -> CasePostContext:
    matter = told.matter
    step = configuration.policy().ladder_of(matter.rule, matter.force_code)[told.step - 1]
    return CasePostContext(day=told.day, step=step.step, to=step.to, item=item(told, None, today))
