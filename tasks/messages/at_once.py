"""Messages that cannot wait for a letter: mails of their own on the day of the decision."""

from dataclasses import dataclass
from hashlib import sha256

from config.message_kinds import MessageKind
from models.queries.obligations.obligation_views import ObligationView
from models.queries.outbox.outbox import ClaimedMessage
from models.rules.people.knowing import open_to
from tasks.messages import reply_links
from tasks.messages.as_of import facts_as_of
from tasks.messages.composing import ComposedMessage, MessageBatch, silence
from tasks.messages.contexts import DeskContext, FactsAsOf, ObligationItem
from tasks.messages.itemising import item
from tasks.messages.kind import Kind, singly
from tasks.messages.letter.blocks import each_once, pressing
from tasks.messages.readers import closed_to, of_desk, without_addressee


@dataclass(frozen=True, kw_only=True)
class UrgentContext(DeskContext):
    """What cannot wait for a letter. Without an item, it is about cases that this reader may not see."""

    items: tuple[ObligationItem, ...]
    restricted: int
    unaddressed: int  # of operations: cases of which nobody is left to be told
    as_of: tuple[FactsAsOf, ...] = ()
    reply: str = ""  # the link that asks for the status; empty if replies are not read

    @property
    def reference(self) -> str:
        """The case that it is about, if it is about one alone."""
        return self.items[0].reference if len(self.items) == 1 else ""


def compose(message: ClaimedMessage, world: MessageBatch) -> ComposedMessage:
    """Compose an urgent message, unless all that it was for has ended."""
    reader, relevant = world.reader(message), world.relevant(message)
    if not relevant.said:
        return ComposedMessage(message, reader, None, relevant.silent, relevant.nothing or silence(relevant, message))
    matters = [notification.matter for notification in relevant.said]
    items = [
        item(world.configuration, notification, reader, world.today, world.offers.of(notification, reader))
        for notification in relevant.said
        if open_to(reader, notification.matter)
    ]
    context = UrgentContext(
        **of_desk(reader, world.today, world.configuration.settings.mail.operations),
        items=tuple(sorted(each_once(items), key=urgent_order)),
        restricted=len(closed_to(reader, matters)),
        unaddressed=without_addressee(reader, matters),
        as_of=facts_as_of(world.left_out, items),
        reply=reply_links.for_standing(world.configuration, reader, world.today),
    )
    return ComposedMessage(message, reader, context, relevant.silent, thread=_thread(relevant.said[0].matter, items))


def urgent_order(item: ObligationItem) -> tuple[object, ...]:
    """Order matters: time limits and orders by their day, then dangers, and the rest; of these high risk first."""
    return (False, item.due_on, item.reference) if item.hard else (True, item.danger is None, *pressing(item))


def _thread(matter: ObligationView, items: list[ObligationItem]) -> str:
    """Return what the urgent messages about one case share, if the message is about that case alone."""
    if len(items) != 1 or not matter.case_ref:
        return ""
    return sha256(f"{matter.force_code}/{matter.case_ref}".encode()).hexdigest()[:24]


KIND = Kind(
    name=MessageKind.AT_ONCE,
    about="steps whose manner is at once, to their addressees, where the day's letter has left or there is none",
    context=UrgentContext,
    composing=singly(compose),
    filed="urgent",
)
