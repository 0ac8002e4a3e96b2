from collections.abc import Iterable, Iterator
from datetime import date

from config.numbers import HearingNumbers
from config.terms import VICTIM, Authority, EndReason, OrderKind, OwedBy
from models.rules.calendar import WorkingCalendar
from models.rules.catalogue.awaiting_charge import CHARGED_ON
from models.rules.catalogue.parts import DutyPart, missing, recorded, settled
from models.rules.catalogue.rule import AnsweringFact, PartOwner, Rule, Seeing
from models.rules.catalogue.scope import beyond_stalking
from models.rules.catalogue.traits import Trait
from models.rules.facts import CaseFacts
from models.rules.result import CASE, Outcome, Owes, OwesNothing, Term
from models.rules.row_facts import OrderFact
from models.rules.sight import SentColumn, Sight

_VIEWS, _DECISION = _NEEDS = SentColumn("orders.csv", "victim_views_on"), SentColumn("orders.csv", "decided_on")
_HEARING = SentColumn("cps_cases.csv", "next_hearing_on")
_NOT_CHARGED = OwesNothing(
    CASE, EndReason.OUT_OF_SCOPE, "the suspect is not charged", said="no charge is recorded any more"
)
_NO_HEARING = OwesNothing(
    CASE, EndReason.MET, "no next hearing is recorded", said="no hearing is recorded any more that lies ahead"
)
_DECIDED = "the views of the victim and the decision are recorded"


def restraining_order(facts: CaseFacts, numbers: HearingNumbers, calendar: WorkingCalendar) -> Iterator[Outcome]:
    """Police and CPS record the victim's views on a restraining order, and decide on it, well before the hearing.

    The decision is one about this charge: an order made in an earlier case decided nothing about it.
    Source: the protocol of 23 May 2018 asks that restraining orders are used properly and victims consulted. Number:
    local standard, working days before the next hearing; never before the charge.
    """
    hearing, charged = facts.case.next_hearing_on, facts.case.charged_on
    if beyond := beyond_stalking(facts):
        yield beyond
    elif charged is None:
        yield _NOT_CHARGED
    elif hearing is None and (why := facts.sight.blind(_HEARING, facts.case.cps_source_id, OwedBy.BOTH)):
        yield OwesNothing(CASE, EndReason.UNSEEN, why)
    elif hearing is None:
        yield _NO_HEARING
    elif answered := _answered(orders := _orders(facts, charged)):
        yield answered
    else:
        due = calendar.plus(hearing, numbers.before_hearing)
        because: tuple[Term, ...] = (Term("next hearing", hearing, numbers.before_hearing, due),)
        if charged > due:
            due = charged
            because = (*because, Term("suspect charged", charged, None, charged, "it is not due before that"))
        asked = min(map(missing, orders), key=len)
        yield Owes(CASE, OwedBy.BOTH, due, because, parts=asked, arose_on=charged)


def _orders(facts: CaseFacts, charged: date) -> list[tuple[DutyPart, ...]]:
    """Return the parts of each restraining order; without any, those of none, of which only what is sent is seen."""
    rows = [row for row in facts.orders if row.supplied and row.kind is OrderKind.RESTRAINING_ORDER]
    return [_parts(row, charged, facts.sight) for row in rows or (None,)]


def _answered(orders: Iterable[tuple[DutyPart, ...]]) -> OwesNothing | None:
    """Return the answer of the order that satisfies every part that can be seen, the best one first, or None."""
    answers = [settled(CASE, parts, _DECIDED) for parts in orders if not missing(parts)]
    return min(answers, key=lambda answer: answer.end is EndReason.UNSEEN, default=None)


def _parts(row: OrderFact | None, charged: date, sight: Sight) -> tuple[DutyPart, DutyPart]:
    source, views, decided = (row.source_id, row.victim_views_on, row.decided_on) if row else (None, None, None)
    return (
        recorded("the views of the victim", views, _VIEWS, sight, source),
        recorded("the decision", decided, _DECISION, sight, source, charged),
    )


RULE = Rule(
    "restraining-order",
    restraining_order,
    "Victim's views and decision on a restraining order",
    "Both are recorded of one restraining order: the victim's views, and the decision, on the day of the charge or "
    "later (orders.csv: kind restraining_order, victim_views_on, decided_on).",
    "At the hearing it is too late to ask what would keep the victim safe afterwards.",
    duty=Authority.PUBLISHED,
    number=Authority.LOCAL,
    only_where=(Trait.IN_SCOPE, Trait.CHARGED),
    needs=_NEEDS,
    parts={"the views of the victim": PartOwner.OFFICER, "the decision": PartOwner.PROSECUTOR},
    seeing=Seeing.PARTS,
    begins=(CHARGED_ON, _HEARING),
    side="both",
    readers=VICTIM,
    answer=AnsweringFact(_NEEDS, new=OrderKind.RESTRAINING_ORDER),
)
