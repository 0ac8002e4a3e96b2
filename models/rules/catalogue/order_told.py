from collections.abc import Iterator

from config.numbers import Within
from config.terms import VICTIM, Authority, EndReason, OwedBy
from models.rules.calendar import WorkingCalendar
from models.rules.catalogue.orders import MADE_ON, NO_ORDER, replaced_on, withdrawn
from models.rules.catalogue.rule import Rule
from models.rules.catalogue.scope import beyond_kept
from models.rules.catalogue.traits import Trait
from models.rules.facts import CaseFacts
from models.rules.result import Outcome, Owes, OwesNothing, Term
from models.rules.sight import SentColumn

_TOLD = SentColumn("orders.csv", "victim_told_on")
_NOT_MADE = "no day is recorded any more on which the order was made"


def order_told(facts: CaseFacts, numbers: Within, calendar: WorkingCalendar) -> Iterator[Outcome]:
    """Police tell the victim of each order that protects them: what it forbids, until when, and whom to call.

    An order that a later one of its family has replaced asks for nothing: the later one does.
    Source: the protocol of 23 May 2018: police tell the victim promptly of the order made. Number: local standard,
    working days from the day it was made.
    """
    if beyond := beyond_kept(facts):
        yield beyond
        return
    if not facts.orders:
        yield NO_ORDER
    for row in facts.orders:
        subject, day = f"order:{row.ref}", row.made_on
        if not row.supplied:
            yield withdrawn(subject)
        elif day is None:
            yield OwesNothing(
                subject, EndReason.OUT_OF_SCOPE, "no day is recorded on which the order was made", said=_NOT_MADE
            )
        elif later := replaced_on(row, facts.orders):
            yield OwesNothing(subject, EndReason.OUT_OF_SCOPE, "a later order has taken its place", later)
        elif row.victim_told_on is not None:
            yield OwesNothing(subject, EndReason.MET, "the victim was told of it", row.victim_told_on)
        elif why := facts.sight.blind(_TOLD, row.source_id, OwedBy.POLICE):
            yield OwesNothing(subject, EndReason.UNSEEN, why)
        else:
            due = calendar.plus(day, numbers.within)
            yield Owes(subject, OwedBy.POLICE, due, (Term("order made", day, numbers.within, due),), arose_on=day)


RULE = Rule(
    "order-told",
    order_told,
    "Victim told of a protective order",
    "The day on which the victim was told of it is recorded (orders.csv: victim_told_on).",
    "A victim who does not know what an order forbids cannot say that it was breached.",
    duty=Authority.PUBLISHED,
    number=Authority.LOCAL,
    only_where=(Trait.ORDERS,),
    victim_first=True,
    needs=(_TOLD,),
    begins=(MADE_ON,),
    side="police",
    readers=VICTIM,
)
