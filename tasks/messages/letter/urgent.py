"""Composing of what cannot wait for a letter."""

from hashlib import sha256

from config.settings import settings
from models.queries.obligations.obligation_views import ObligationView
from models.queries.outbox.outbox import ClaimedMessage
from tasks.messages import reply_links
from tasks.messages.composing import ComposedMessage, MessageBatch, silence
from tasks.messages.contexts import ObligationItem
from tasks.messages.itemising import item
from tasks.messages.letter.blocks import each_once
from tasks.messages.letter.contexts import UrgentContext
from tasks.messages.readers import closed_to, in_role, open_to, without_addressee


def compose(held: ClaimedMessage, world: MessageBatch) -> ComposedMessage:
    """Compose an urgent message, unless nothing of it is to be said any more."""
    reader, found = world.reader(held), world.relevant(held)
    if not found.said:
        return ComposedMessage(held, reader, None, found.silent, found.nothing or silence(found, held))
    matters = [one.matter for one in found.said]
    items = [item(one, reader, world.today) for one in found.said if open_to(reader, one.matter)]
    role, asks = in_role(reader)
    context = UrgentContext(
        day=world.today,
        reader=role,
        asks=asks,
        items=tuple(sorted(each_once(items), key=lambda each: (not each.hard, each.due_on, each.reference))),
        restricted=len(closed_to(reader, matters)),
        unaddressed=without_addressee(reader, matters),
        reply=reply_links.for_standing(reader, world.today),
        write_to=write_to(held),
    )
    return ComposedMessage(held, reader, context, found.silent, thread=_thread(found.said[0].matter, items))


def write_to(held: ClaimedMessage) -> str:
    """Return the mailbox that a person without reply links writes to; empty for operations themselves."""
    return (settings().mail.operations or "") if held.contact_ref else ""


def _thread(matter: ObligationView, items: list[ObligationItem]) -> str:
    """Return what the urgent messages about one case share, if the message is about that case alone."""
    if len(items) != 1 or not matter.case_ref:
        return ""
    return sha256(f"{matter.force_code}/{matter.case_ref}".encode()).hexdigest()[:24]
