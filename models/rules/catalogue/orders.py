"""What the rules about orders share: the family of an order, and the order that has taken another's place."""

from collections.abc import Sequence
from datetime import date

from config.terms import EndReason, OrderKind
from models.rules.result import CASE, GONE, OwesNothing
from models.rules.row_facts import OrderFact
from models.rules.sight import SentColumn

MADE_ON, EXPIRES_ON = SentColumn("orders.csv", "made_on"), SentColumn("orders.csv", "expires_on")
SERVED_ON = SentColumn("orders.csv", "served_on")
RENEWAL_DECIDED_ON = SentColumn("orders.csv", "renewal_decided_on")
NO_ORDER = OwesNothing(CASE, EndReason.OUT_OF_SCOPE, "no order is recorded", said=GONE, kept_in=MADE_ON)
PROTECTION_ORDERS = frozenset({OrderKind.SPO, OrderKind.INTERIM_SPO})
# a full order replaces an interim one, and an order of the court a notice of police
_FAMILY = {kind: kind for kind in OrderKind} | {
    OrderKind.INTERIM_SPO: OrderKind.SPO,
    OrderKind.DVPN: OrderKind.DVPO,
}


def withdrawn(subject: str) -> OwesNothing:
    """Answer for an order that is not supplied any more."""
    return OwesNothing(subject, EndReason.WITHDRAWN, "the order was withdrawn by its source")


def replaced_on(row: OrderFact, orders: Sequence[OrderFact]) -> date | None:
    """Return the day on which the next supplied order of its family was made; None while it is the last.

    An order without a day takes no part.
    """
    day = row.made_on
    if day is None:
        return None
    later = (
        other.made_on
        for other in orders
        if other.supplied and other.made_on and _FAMILY[other.kind] is _FAMILY[row.kind]
    )
    return min((made for made in later if made > day), default=None)
