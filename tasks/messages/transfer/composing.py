"""Composing of messages about a transferred case, from current data, or the reason for silence."""

from collections.abc import Sequence

from sqlalchemy import Connection

from config.forces import force_name
from config.message_kinds import MessageKind
from models.queries.obligations import transfers
from models.queries.outbox.outbox import ClaimedMessage
from models.rules.people.readdressing import BARRED, LEFT
from tasks.messages.composing import ComposedMessage, MessageBatch
from tasks.messages.readers import counted_for, in_role, open_to
from tasks.messages.transfer.contexts import TransferContext

REOPENED = "the case is not transferred any more"


class TransferBatch:
    """The data that a batch of these messages needs, read in one statement."""

    def __init__(self, connection: Connection, batch: Sequence[ClaimedMessage]) -> None:
        ids = [held.id for held in batch if held.kind is MessageKind.TRANSFER]
        self._found = transfers.notices(connection, ids) if ids else {}

    def has(self, held: ClaimedMessage) -> bool:
        """Return whether a message is one of this batch about a transferred case."""
        return held.id in self._found

    def compose(self, held: ClaimedMessage, world: MessageBatch) -> ComposedMessage:
        """Compose one message, unless the case was reopened or its reader may hear nothing of it."""
        one, reader = self._found[held.id], world.reader(held)
        nothing = REOPENED if one.finalised_on is None else BARRED if held.contact_ref in one.barred else ""
        if held.contact_ref and (reader is None or not reader.email):
            nothing = LEFT
        if nothing:
            return ComposedMessage(held, reader, None, {}, nothing)
        role, asks = in_role(reader)
        shown = open_to(reader, one)
        context = TransferContext(
            day=world.today,
            reader=role,
            asks=asks,
            reference=f"{one.force_code}/{one.case_ref}" if shown else "",
            urn=one.urn if shown else None,
            restricted=int(counted_for(reader, one)),
            own=one.side == one.force_code,
            force=force_name(one.force_code),
            on=one.finalised_on,
            there=one.there if shown else (),
            kept_there=one.kept_there,
            orders=one.orders,
            first_on=one.first_on,
        )
        return ComposedMessage(held, reader, context, {})
