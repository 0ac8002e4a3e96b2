from collections.abc import Iterator, Sequence

from config.authority import Authority
from config.numbers import OrderNumbers
from config.terms import EndReason, OrderKind, OwedBy
from models.rules.calendar import WorkingCalendar
from models.rules.catalogue.rule import Rule
from models.rules.catalogue.scope import beyond_stalking
from models.rules.facts import CaseFacts, OrderFact
from models.rules.result import CASE, Outcome, Owes, OwesNothing, Term

_FAMILY = {kind: kind for kind in OrderKind} | {OrderKind.INTERIM_SPO: OrderKind.SPO}  # full replaces interim
_NO_ORDER = OwesNothing(CASE, EndReason.OUT_OF_SCOPE, "no order is recorded")


def order_expiry(facts: CaseFacts, numbers: OrderNumbers, calendar: WorkingCalendar) -> Iterator[Outcome]:
    """Police decide whether to renew an order before it expires. An interim stalking protection order is short.

    Source: the court's order, made under the Stalking Protection Act 2019, the Sentencing Act 2020 or the Family Law
    Act 1996. Number: the court's order; its day is used as sent, never computed. How early it reminds is local.
    """
    if beyond := beyond_stalking(facts):
        yield beyond
        return
    if not facts.orders:
        yield _NO_ORDER
    for row in facts.orders:
        subject, expires = f"order:{row.ref}", row.expires_on
        if not row.supplied:
            yield OwesNothing(subject, EndReason.WITHDRAWN, "the order was withdrawn by its source")
        elif expires is None:
            yield OwesNothing(subject, EndReason.OUT_OF_SCOPE, "no day is recorded on which the order expires")
        elif row.renewal_decided_on is not None:
            yield OwesNothing(subject, EndReason.MET, "its renewal was decided")
        elif _replaced(row, facts.orders):
            yield OwesNothing(subject, EndReason.MET, "a later order has taken its place")
        else:
            because = (Term("order expires", expires, None, expires),)
            if row.kind is OrderKind.INTERIM_SPO:
                warn = calendar.plus(expires, numbers.remind_interim)
                yield Owes(subject, OwedBy.POLICE, expires, because, remind_on=warn)
            else:
                yield Owes(subject, OwedBy.POLICE, expires, because)


def _replaced(row: OrderFact, orders: Sequence[OrderFact]) -> bool:
    """Report whether a supplied order of its family was made later. An order without that day takes no part."""
    made = row.made_on
    return made is not None and any(
        other.supplied
        and other.made_on is not None
        and other.made_on > made
        and _FAMILY[other.kind] is _FAMILY[row.kind]
        for other in orders
    )


RULE = Rule(
    "order-expiry",
    order_expiry,
    "Protective order expires",
    "The decision on its renewal is recorded (orders.csv: renewal_decided_on), or a later order of its kind "
    "(orders.csv: made_on).",
    "On the day after an order ends, nothing forbids the suspect to come near.",
    duty=Authority.COURT_ORDER,
    number=Authority.COURT_ORDER,
)
