"""Messages about a case that was transferred to another force, to the SPOCs of both forces."""

from dataclasses import dataclass, replace
from datetime import date

from config.forces import force_name
from config.message_kinds import MessageKind
from models.queries.obligations import transfers
from models.queries.obligations.transfers import TransferNotice
from models.queries.outbox.outbox import ClaimedMessage
from models.rules.people.knowing import open_to
from models.rules.people.readdressing import BARRED, LEFT
from tasks.messages.composing import ComposedMessage, MessageBatch
from tasks.messages.contexts import ReaderContext
from tasks.messages.kind import Kind, noticed
from tasks.messages.readers import counted_for, of_reader


@dataclass(frozen=True, kw_only=True)
class TransferContext(ReaderContext):
    """A transferred case; without a reference, one that this reader may not see."""

    reference: str  # in the force that it came from
    urn: str | None
    restricted: int  # 1 without a reference, of a restricted case; else operations read that it needs an addressee
    own: bool  # whether the reader's force is the one that it came from
    force: str  # that force, by name and code
    on: date | None  # the day on which it was finalised there
    there: tuple[str, ...]  # the cases of the same URN in other forces
    passed_on: tuple[str, ...] = ()  # those that were transferred too
    kept_there: bool  # whether its orders are watched by one of them
    orders: int  # that have not expired
    first_on: date | None  # the first day on which one expires


REOPENED = "the case is not transferred any more"


def compose(notice: TransferNotice, message: ClaimedMessage, world: MessageBatch) -> ComposedMessage:
    """Compose one message, unless the case was reopened or its reader may hear nothing of it."""
    reader = world.reader(message)
    nothing = REOPENED if notice.finalised_on is None else BARRED if message.contact_ref in notice.barred else ""
    if world.has_left(message):
        nothing = LEFT
    if nothing:
        return ComposedMessage(message, reader, None, {}, nothing)
    shown = open_to(reader, notice)
    context = TransferContext(
        **of_reader(reader, world.today),
        reference=f"{notice.force_code}/{notice.case_ref}" if shown else "",
        urn=notice.urn if shown else None,
        restricted=int(counted_for(reader, notice)),
        own=notice.side == notice.force_code,
        force=force_name(notice.force_code),
        on=notice.finalised_on,
        there=notice.there if shown else (),
        passed_on=notice.passed_on if shown else (),
        kept_there=notice.kept_there,
        orders=notice.orders,
        first_on=notice.first_on,
    )
    return ComposedMessage(message, reader, context, {})


_THERE = TransferContext(
    day=date(2026, 3, 18), reader="spoc", asks="police", reference="45/SAMPLE-0010", urn="45ZZ0000010", restricted=0,
    own=True, force="Surrey (45)", on=date(2026, 3, 17), there=("43/SAMPLE-0011",), kept_there=True, orders=2,
    first_on=date(2027, 11, 3),
)  # fmt: skip
SAMPLES = {
    "transfer-from": _THERE,
    "transfer-nobody-has-it": replace(_THERE, there=(), kept_there=False),
    "transfer-passed-on": replace(_THERE, there=(), passed_on=("43/SAMPLE-0011",), kept_there=False),
    "transfer-to": replace(_THERE, own=False),
    "transfer-restricted": replace(_THERE, reference="", urn=None, restricted=1, there=()),
}
KIND = Kind(
    name=MessageKind.TRANSFER,
    about="that a case was transferred to another force, to the SPOCs of both forces",
    context=TransferContext,
    samples=lambda: SAMPLES,
    composing=noticed(transfers.notices, compose),
)
