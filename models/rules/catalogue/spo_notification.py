from collections.abc import Iterator

from config.numbers import NotificationNumbers
from config.terms import SUSPECT, Authority, EndReason, OrderKind, OwedBy
from models.rules.calendar import WorkingCalendar
from models.rules.catalogue.orders import NO_ORDER, PROTECTION_ORDERS, SERVED_ON, withdrawn
from models.rules.catalogue.rule import Rule
from models.rules.catalogue.scope import beyond_kept
from models.rules.catalogue.traits import Trait
from models.rules.facts import CaseFacts
from models.rules.result import Outcome, Owes, OwesNothing, Term
from models.rules.sight import SentColumn

_NOTIFIED = SentColumn("orders.csv", "notified_on")
_NOTIFYING = PROTECTION_ORDERS | {OrderKind.DAPO}
_NOT_SERVED = "it is not recorded any more as an order that was served and asks for it"
_INTERIM = "an interim order that was served before it asks for the same"


def spo_notification(facts: CaseFacts, numbers: NotificationNumbers, calendar: WorkingCalendar) -> Iterator[Outcome]:
    """The subject of a protection order gives name and address to police; police see that it happens.

    The first order that is served asks for it: of a case with an interim order served, the full one does not again.
    Source: Stalking Protection Act 2019 s.9(1), and of a domestic abuse protection order Domestic Abuse Act 2021 s.41:
    within three days that begin with the day of service. Number: law, plain days, so two days after that day.
    """
    if beyond := beyond_kept(facts):
        yield beyond
        return
    if not facts.orders:
        yield NO_ORDER
    interim = any(row.supplied and row.kind is OrderKind.INTERIM_SPO and row.served_on for row in facts.orders)
    for row in facts.orders:
        subject, served = f"order:{row.ref}", row.served_on
        if not row.supplied:
            yield withdrawn(subject)
        elif row.kind not in _NOTIFYING or served is None:
            why = "it is no stalking or domestic abuse protection order that was served"
            yield OwesNothing(subject, EndReason.OUT_OF_SCOPE, why, said=_NOT_SERVED)
        elif interim and row.kind is OrderKind.SPO:
            yield OwesNothing(
                subject, EndReason.OUT_OF_SCOPE, "the interim order served before it asks for it", said=_INTERIM
            )
        elif row.notified_on is not None:
            yield OwesNothing(subject, EndReason.MET, "its subject gave name and address", row.notified_on)
        elif why := facts.sight.blind(_NOTIFIED, row.source_id, OwedBy.POLICE):
            yield OwesNothing(subject, EndReason.UNSEEN, why)
        else:
            due = calendar.plus(served, numbers.within)
            because = (Term("order served", served, numbers.within, due, "the day of service is the first of three"),)
            yield Owes(subject, OwedBy.POLICE, due, because, arose_on=served)


RULE = Rule(
    "spo-notification",
    spo_notification,
    "Notification by the subject of a protection order",
    "The day on which the subject gave name and address is recorded (orders.csv: notified_on).",
    "Where the subject lives has to be known, or nobody can tell when they come near; not to give it is an offence.",
    duty=Authority.LAW,
    number=Authority.LAW,
    only_where=(Trait.ORDERS,),
    needs=(_NOTIFIED,),
    begins=(SERVED_ON,),
    side="police",
    readers=SUSPECT,
)
