from collections.abc import Iterator

from config.authority import Authority
from config.numbers import HearingNumbers
from config.terms import EndReason, OrderKind, OwedBy
from models.rules.calendar import WorkingCalendar
from models.rules.catalogue.rule import Rule
from models.rules.catalogue.scope import beyond_stalking
from models.rules.facts import CaseFacts
from models.rules.result import CASE, Outcome, Owes, OwesNothing, Term

_NOT_CHARGED = OwesNothing(CASE, EndReason.OUT_OF_SCOPE, "the suspect is not charged")
_NO_HEARING = OwesNothing(CASE, EndReason.MET, "no next hearing is recorded")
_DECIDED = OwesNothing(CASE, EndReason.MET, "the views of the victim and the decision are recorded")


def restraining_order(facts: CaseFacts, numbers: HearingNumbers, calendar: WorkingCalendar) -> Iterator[Outcome]:
    """Police and CPS record the victim's views on a restraining order, and decide on it, well before the hearing.

    Source: the protocol of 23 May 2018 asks that restraining orders are used properly and victims consulted. Number:
    local standard, working days before the next hearing; never before the charge.
    """
    hearing, charged = facts.case.next_hearing_on, facts.case.charged_on
    if beyond := beyond_stalking(facts):
        yield beyond
    elif charged is None:
        yield _NOT_CHARGED
    elif hearing is None:
        yield _NO_HEARING
    elif _decided(facts):
        yield _DECIDED
    else:
        due = calendar.plus(hearing, numbers.before_hearing)
        because: tuple[Term, ...] = (Term("next hearing", hearing, numbers.before_hearing, due),)
        if charged > due:
            due = charged
            because = (*because, Term("suspect charged", charged, None, charged, "it is not due before that"))
        yield Owes(CASE, OwedBy.BOTH, due, because)


def _decided(facts: CaseFacts) -> bool:
    """Report whether one restraining order has both the victim's views and the decision."""
    return any(
        row.supplied
        and row.kind is OrderKind.RESTRAINING_ORDER
        and row.victim_views_on is not None
        and row.decided_on is not None
        for row in facts.orders
    )


RULE = Rule(
    "restraining-order",
    restraining_order,
    "Victim's views and decision on a restraining order",
    "Both are recorded of one restraining order: the victim's views and the decision (orders.csv: kind "
    "restraining_order, victim_views_on, decided_on).",
    "At the hearing it is too late to ask what would keep the victim safe afterwards.",
    duty=Authority.PUBLISHED,
    number=Authority.LOCAL,
)
