"""What the rules about orders share: the family of an order, and the order that has taken another's place."""

from collections.abc import Sequence

from config.terms import EndReason, OrderKind
from models.rules.facts import OrderFact
from models.rules.result import CASE, OwesNothing
from models.rules.sight import SentColumn

MADE_ON, EXPIRES_ON = SentColumn("orders.csv", "made_on"), SentColumn("orders.csv", "expires_on")
NO_ORDER = OwesNothing(CASE, EndReason.OUT_OF_SCOPE, "no order is recorded")
PROTECTION_ORDERS = frozenset({OrderKind.SPO, OrderKind.INTERIM_SPO})
_FAMILY = {kind: kind for kind in OrderKind} | {OrderKind.INTERIM_SPO: OrderKind.SPO}  # full replaces interim


def withdrawn(subject: str) -> OwesNothing:
    """Answer for an order that is not supplied any more."""
    return OwesNothing(subject, EndReason.WITHDRAWN, "the order was withdrawn by its source")


def replaced(row: OrderFact, orders: Sequence[OrderFact]) -> bool:
    """Return whether a supplied order of its family was made later. An order without that day takes no part."""
    day = row.made_on
    return day is not None and any(
        other.supplied
        and other.made_on is not None
        and other.made_on > day
        and _FAMILY[other.kind] is _FAMILY[row.kind]
        for other in orders
    )
