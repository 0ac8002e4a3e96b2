from collections.abc import Iterator
from datetime import date

from config.numbers import AgainNumbers
from config.terms import VICTIM, Authority, EndReason, OwedBy
from models.rules.arithmetic import format_day
from models.rules.calendar import WorkingCalendar
from models.rules.catalogue.beginnings import first_since
from models.rules.catalogue.orders import EXPIRES_ON, MADE_ON, PROTECTION_ORDERS
from models.rules.catalogue.rule import Rule
from models.rules.catalogue.scope import beyond_guarded
from models.rules.catalogue.traits import Trait
from models.rules.facts import WHY_NOT_STALKING, CaseFacts
from models.rules.result import CASE, Outcome, Owes, OwesNothing, Term
from models.rules.sight import SentColumn

_CONSIDERED_ON = SentColumn("cases.csv", "spo_considered_on")
_DONE = "a stalking protection order was considered"
_RUNS = OwesNothing(
    CASE, EndReason.MET, "a stalking protection order runs", said="a stalking protection order was made"
)
_CONSIDERED = OwesNothing(
    CASE,
    EndReason.MET,
    "a stalking protection order was considered, and nothing reported since asks for it again",
    said=_DONE,
)


def spo_considered(facts: CaseFacts, numbers: AgainNumbers, calendar: WorkingCalendar) -> Iterator[Outcome]:
    """Police consider a stalking protection order once a case is watched as stalking, and again at a new incident.

    It needs no charge. Where an order runs, nothing is asked; it answers only where a consideration can be seen: when
    the column vanishes, what was asked after an incident is not met by the order of the opening.
    Source: statutory guidance to the Stalking Protection Act 2019. Number: local standard, working days.
    """
    (fact, since), considered = facts.watched_since, facts.case.spo_considered_on
    if beyond := beyond_guarded(facts):
        yield beyond
    elif considered is not None:
        yield _again(facts, considered, numbers, calendar)
    elif why := facts.sight.blind(_CONSIDERED_ON, facts.case.source_id, OwedBy.POLICE):
        yield OwesNothing(CASE, EndReason.UNSEEN, why)
    elif made := _running_since(facts, since):
        yield _RUNS._replace(on=made)
    else:
        due = calendar.plus(since, numbers.within)
        term = Term(fact, since, numbers.within, due, "not considered yet")
        yield Owes(CASE, OwedBy.POLICE, due, (term,), arose_on=since)


def _again(facts: CaseFacts, considered: date, numbers: AgainNumbers, calendar: WorkingCalendar) -> Outcome:
    """Answer for the first incident since it was considered on whose day no order runs."""
    reported = [
        incident.reported_on for incident in facts.incidents if incident.supplied and incident.reported_on > considered
    ]
    unprotected = [day for day in reported if _running_since(facts, day) is None]
    if not unprotected:
        return _CONSIDERED._replace(on=considered)
    first = first_since(unprotected, numbers.since)
    due = calendar.plus(first, numbers.after_incident)
    note = f"last considered {format_day(considered)}"
    term = Term("first incident reported since without an order", first, numbers.after_incident, due, note)
    return Owes(CASE, OwedBy.POLICE, due, (term,), considered, arose_on=first, done=_DONE)


def _running_since(facts: CaseFacts, day: date) -> date | None:
    """Return when the latest such order was made that does not end before the day; None where there is none."""
    running = (
        row.made_on
        for row in facts.orders
        if row.supplied
        and row.kind in PROTECTION_ORDERS
        and row.made_on is not None
        and (row.expires_on is None or row.expires_on >= day)
    )
    return max(running, default=None)


RULE = Rule(
    "spo-considered",
    spo_considered,
    "Consideration of a stalking protection order",
    "The consideration is recorded (cases.csv: spo_considered_on), or such an order is made (orders.csv: kind spo or "
    "interim_spo, made_on).",
    "Such an order can protect the victim long before a charge, and without one.",
    duty=Authority.PUBLISHED,
    number=Authority.LOCAL,
    only_where=(Trait.GUARDED,),
    recurring=True,
    needs=(_CONSIDERED_ON,),
    also=(MADE_ON, EXPIRES_ON, WHY_NOT_STALKING),
    side="police",
    readers=VICTIM,
)
