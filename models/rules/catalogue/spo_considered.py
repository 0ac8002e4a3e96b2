from collections.abc import Iterator

from config.authority import Authority
from config.numbers import Within
from config.terms import EndReason, OrderKind, OwedBy
from models.rules.calendar import WorkingCalendar
from models.rules.catalogue.rule import Rule
from models.rules.catalogue.scope import beyond_stalking
from models.rules.facts import CaseFacts
from models.rules.result import CASE, Outcome, Owes, OwesNothing, Term

_SPO = frozenset({OrderKind.SPO, OrderKind.INTERIM_SPO})
_CONSIDERED = OwesNothing(CASE, EndReason.MET, "a stalking protection order was considered")
_SOUGHT = OwesNothing(CASE, EndReason.MET, "a stalking protection order is recorded")


def spo_considered(facts: CaseFacts, numbers: Within, calendar: WorkingCalendar) -> Iterator[Outcome]:
    """Police consider a stalking protection order as soon as a stalking case is opened. It needs no charge.

    Source: statutory guidance to the Stalking Protection Act 2019. Number: local standard, working days.
    """
    if beyond := beyond_stalking(facts):
        yield beyond
    elif facts.case.spo_considered_on is not None:
        yield _CONSIDERED
    elif any(row.supplied and row.kind in _SPO for row in facts.orders):
        yield _SOUGHT
    else:
        opened = facts.case.opened_on
        due = calendar.plus(opened, numbers.within)
        yield Owes(CASE, OwedBy.POLICE, due, (Term("case opened", opened, numbers.within, due),))


RULE = Rule(
    "spo-considered",
    spo_considered,
    "Consideration of a stalking protection order",
    "The consideration is recorded (cases.csv: spo_considered_on), or such an order (orders.csv: kind spo or "
    "interim_spo).",
    "Such an order can protect the victim long before a charge, and without one.",
    duty=Authority.PUBLISHED,
    number=Authority.LOCAL,
)
