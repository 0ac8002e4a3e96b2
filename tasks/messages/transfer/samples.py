"""Made-up messages about a transferred case."""

from dataclasses import replace
from datetime import date

from config.message_kinds import MessageKind
from tasks.messages.transfer.contexts import TransferContext

_THERE = TransferContext(
    day=date(2026, 3, 18), reader="spoc", asks="police", reference="45/SAMPLE-0010", urn="45ZZ0000010", restricted=0,
    own=True, force="Surrey (45)", on=date(2026, 3, 17), there=("43/SAMPLE-0011",), kept_there=True, orders=2,
    first_on=date(2027, 11, 3),
)  # fmt: skip
TRANSFERS = {
    "transfer-from": (MessageKind.TRANSFER, _THERE),
    "transfer-nobody-has-it": (MessageKind.TRANSFER, replace(_THERE, there=(), kept_there=False)),
    "transfer-to": (MessageKind.TRANSFER, replace(_THERE, own=False)),
    "transfer-restricted": (MessageKind.TRANSFER, replace(_THERE, reference="", urn=None, restricted=1, there=())),
}
