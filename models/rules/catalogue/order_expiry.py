from collections.abc import Iterator
from datetime import date

from config.numbers import OrderNumbers
from config.terms import VICTIM, Authority, EndReason, OrderKind, OwedBy
from models.rules.calendar import WorkingCalendar
from models.rules.catalogue.orders import EXPIRES_ON, MADE_ON, NO_ORDER, RENEWAL_DECIDED_ON, replaced_on, withdrawn
from models.rules.catalogue.rule import Rule
from models.rules.catalogue.scope import beyond_kept
from models.rules.catalogue.traits import Trait
from models.rules.facts import CaseFacts
from models.rules.result import Outcome, Owes, OwesNothing, Term

_NO_DAY = "no day is recorded any more on which the order expires"


def order_expiry(facts: CaseFacts, numbers: OrderNumbers, calendar: WorkingCalendar) -> Iterator[Outcome]:
    """Police decide whether to renew an order before it expires, and of a restraining order both agencies do.

    An order outlives its case. An interim stalking protection order is short.
    Source: Stalking Protection Act 2019, Sentencing Act 2020, Family Law Act 1996, Domestic Abuse Act 2021 and Crime
    and Security Act 2010, under which the court (of a notice, the Act) sets the day.
    Number: the court's order; the day is used as sent, never computed. How early it reminds is a local standard.
    """
    if beyond := beyond_kept(facts):
        yield beyond
        return
    if not facts.orders:
        yield NO_ORDER
    for row in facts.orders:
        subject, expires = f"order:{row.ref}", row.expires_on
        if not row.supplied:
            yield withdrawn(subject)
        elif expires is None:
            yield OwesNothing(
                subject, EndReason.OUT_OF_SCOPE, "no day is recorded on which the order expires", said=_NO_DAY
            )
        elif row.renewal_decided_on is not None:
            yield OwesNothing(subject, EndReason.MET, "its renewal was decided", row.renewal_decided_on)
        elif later := replaced_on(row, facts.orders):
            yield OwesNothing(subject, EndReason.MET, "a later order has taken its place", later)
        elif why := facts.sight.blind(RENEWAL_DECIDED_ON, row.source_id, OwedBy.POLICE):
            yield OwesNothing(subject, EndReason.UNSEEN, why)
        else:
            yield _owes(subject, row.kind, expires, row.made_on, calendar.plus(expires, numbers.remind_interim))


def _owes(subject: str, kind: OrderKind, expires: date, day: date | None, warn: date) -> Owes:
    owed_by = OwedBy.BOTH if kind is OrderKind.RESTRAINING_ORDER else OwedBy.POLICE
    because = (Term("order expires", expires, None, expires),)
    remind = warn if kind is OrderKind.INTERIM_SPO else date.min
    return Owes(subject, owed_by, expires, because, remind_on=remind, arose_on=day)


RULE = Rule(
    "order-expiry",
    order_expiry,
    "End of a protective order",
    "The decision on its renewal is recorded (orders.csv: renewal_decided_on), or a later order of its kind "
    "(orders.csv: made_on).",
    "On the day after an order ends, nothing forbids the suspect to come near.",
    duty=Authority.COURT_ORDER,
    number=Authority.COURT_ORDER,
    only_where=(Trait.ORDERS,),
    needs=(RENEWAL_DECIDED_ON,),
    begins=(EXPIRES_ON,),
    also=(MADE_ON,),
    side="police; both for a restraining order",
    readers=VICTIM,
)
