from collections.abc import Iterator

from config.numbers import Within
from config.terms import VICTIM, Authority, EndReason, OrderKind, OwedBy
from models.rules.calendar import WorkingCalendar
from models.rules.catalogue.orders import MADE_ON, NO_ORDER, RENEWAL_DECIDED_ON, SERVED_ON, replaced_on, withdrawn
from models.rules.catalogue.rule import Rule
from models.rules.catalogue.scope import beyond_kept
from models.rules.catalogue.traits import Trait
from models.rules.facts import CaseFacts
from models.rules.result import Outcome, Owes, OwesNothing, Term
from models.rules.row_facts import OrderFact

_SERVED_BY_POLICE = frozenset({OrderKind.SPO, OrderKind.INTERIM_SPO, OrderKind.DAPO, OrderKind.DVPN, OrderKind.DVPO})


def order_served(facts: CaseFacts, numbers: Within, calendar: WorkingCalendar) -> Iterator[Outcome]:
    """Police serve each order that they sought on its subject: until then nobody can be held to it.

    An order that a later one of its family has replaced asks for nothing, nor one whose renewal is decided.
    Source: statutory guidance to the Stalking Protection Act 2019 and to the Domestic Abuse Act 2021. Number: local
    standard, working days from the day it was made.
    """
    if beyond := beyond_kept(facts):
        yield beyond
        return
    if not facts.orders:
        yield NO_ORDER
    for row in facts.orders:
        yield _of_order(row, facts, numbers, calendar) if row.supplied else withdrawn(f"order:{row.ref}")


def _of_order(row: OrderFact, facts: CaseFacts, numbers: Within, calendar: WorkingCalendar) -> Outcome:
    subject, day = f"order:{row.ref}", row.made_on
    if row.kind not in _SERVED_BY_POLICE or day is None:
        why = "it is no order made that police serve"
        return OwesNothing(subject, EndReason.OUT_OF_SCOPE, why, said="it is not recorded as such an order any more")
    if later := replaced_on(row, facts.orders):
        return OwesNothing(subject, EndReason.OUT_OF_SCOPE, "a later order has taken its place", later)
    if row.served_on is not None:
        return OwesNothing(subject, EndReason.MET, "the order was served", row.served_on)
    if row.renewal_decided_on is not None:
        return OwesNothing(subject, EndReason.MET, "its renewal was decided", row.renewal_decided_on)
    if why := facts.sight.blind(SERVED_ON, row.source_id, OwedBy.POLICE):
        return OwesNothing(subject, EndReason.UNSEEN, why)
    due = calendar.plus(day, numbers.within)
    return Owes(subject, OwedBy.POLICE, due, (Term("order made", day, numbers.within, due),), arose_on=day)


RULE = Rule(
    "order-served",
    order_served,
    "Service of a protective order",
    "The day on which the order was served is recorded (orders.csv: served_on).",
    "An order binds nobody who does not know of it: until it is served, no breach of it can be charged.",
    duty=Authority.PUBLISHED,
    number=Authority.LOCAL,
    only_where=(Trait.ORDERS,),
    needs=(SERVED_ON,),
    begins=(MADE_ON,),
    also=(RENEWAL_DECIDED_ON,),
    side="police",
    readers=VICTIM,
)
