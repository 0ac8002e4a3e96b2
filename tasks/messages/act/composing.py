"""Composing of the notice of an act, from current data, or the reason for silence."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import Connection

from config.doors import ActKind
from config.message_kinds import MessageKind
from models.queries.obligations.obligation_views import Reader
from models.queries.outbox.outbox import ClaimedMessage
from models.queries.people import acts
from models.queries.people.acts import KeptAct
from models.rules.obligations.rulebook import RULES
from models.rules.people.readdressing import BARRED, LEFT
from tasks.messages import reply_links
from tasks.messages.act.contexts import ActContext, ActItem
from tasks.messages.composing import ComposedMessage, MessageBatch
from tasks.messages.readers import counted_for, in_role, open_to
from tasks.platform.text import one_line

_BY_ITSELF = (ActKind.OUTCOME, ActKind.MOVE)  # what a key of the act undoes; of the others, one of what is owed


class ActBatch:
    """The data that a batch of these messages needs, read in one statement."""

    def __init__(self, connection: Connection, batch: Sequence[ClaimedMessage]) -> None:
        ids = [held.id for held in batch if held.kind is MessageKind.ACT]
        self._found = acts.notices(connection, ids) if ids else {}

    def has(self, held: ClaimedMessage) -> bool:
        """Return whether a message is the notice of an act of this batch."""
        return held.id in self._found

    def compose(self, held: ClaimedMessage, world: MessageBatch) -> ComposedMessage:
        """Compose one message, unless its reader has left or may hear nothing of the case."""
        one, reader = self._found[held.id], world.reader(held)
        if held.contact_ref in one.barred:
            return ComposedMessage(held, reader, None, {}, BARRED)
        if reader is None or not reader.email:
            return ComposedMessage(held, reader, None, {}, LEFT)
        role, asks = in_role(reader)
        reference = one_line(f"{one.force_code}/{one.case_ref}") if one.case_ref and open_to(reader, one) else ""
        context = ActContext(
            day=world.today,
            reader=role,
            asks=asks,
            restricted=int(counted_for(reader, one)),
            act=_item(one.act, reference, reader, world.today),
        )
        return ComposedMessage(held, reader, context, {})


def _item(act: KeptAct, reference: str, reader: Reader, today: date) -> ActItem:
    return ActItem(
        reference=reference,
        title=RULES[act.rule].title if reference else "",
        kind=one_line(act.kind) if reference else "",
        subject=one_line(act.subject.partition(":")[2]) if reference else "",
        deed=act.deed,
        undoes=act.undoes,
        own=act.by_ref == reader.ref,
        by=one_line(act.by_ref),
        door=act.door,
        acted_on=act.made_on,
        on=act.on,
        stands=act.stands,
        undo=_undo(act, reference, reader, today) if act.stands else "",
    )


def _undo(act: KeptAct, reference: str, reader: Reader, today: date) -> str:
    if act.deed in _BY_ITSELF:
        return reply_links.for_act(reader, reference, act.id, today)
    return reply_links.for_matter(reader, reference, act.obligation_id, today) if act.obligation_id else ""
