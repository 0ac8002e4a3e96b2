from collections.abc import Iterator

from config.first_day import Grace
from config.numbers import RiskAssessmentNumbers
from config.terms import VICTIM, Authority, EndReason, OwedBy
from models.rules.calendar import WorkingCalendar
from models.rules.catalogue.beginnings import first_reported_after
from models.rules.catalogue.rule import Rule
from models.rules.catalogue.scope import beyond_guarded
from models.rules.catalogue.traits import Trait
from models.rules.facts import WHY_NOT_STALKING, CaseFacts
from models.rules.result import CASE, Outcome, Owes, OwesNothing, Term
from models.rules.sight import SentColumn

_ASSESSED = SentColumn("cases.csv", "risk_assessed_on")


def risk_assessment(facts: CaseFacts, numbers: RiskAssessmentNumbers, calendar: WorkingCalendar) -> Iterator[Outcome]:
    """Police assess the risk of a stalking case at once, at an interval, and again soon after a new incident.

    Source: Living in fear (HMIC and HMCPSI, July 2017) found most files without a risk plan; no interval is published.
    Number: local standard, working days for the first one and after an incident, plain days for the interval.
    """
    if beyond := beyond_guarded(facts):
        yield beyond
        return
    assessed = facts.case.risk_assessed_on
    if why := facts.sight.blind(_ASSESSED, facts.case.source_id, OwedBy.POLICE):
        yield OwesNothing(CASE, EndReason.UNSEEN, why)
        return
    if assessed is None:
        fact, since = facts.watched_since
        due = calendar.plus(since, numbers.first)
        yield Owes(CASE, OwedBy.POLICE, due, (Term(fact, since, numbers.first, due, "not assessed yet"),))
        return
    due = calendar.plus(assessed, numbers.every)
    reported = first_reported_after(assessed, facts.incidents)
    if reported is None:
        because: tuple[Term, ...] = (Term("last assessed", assessed, numbers.every, due, "no incident since"),)
    else:
        soon = calendar.plus(reported, numbers.after_incident)
        because = (
            Term("last assessed", assessed, numbers.every, due),
            Term("first incident reported since", reported, numbers.after_incident, soon, "the earlier day counts"),
        )
        due = min(due, soon)
    yield Owes(CASE, OwedBy.POLICE, due, because, assessed, done="the risk was assessed")


RULE = Rule(
    "risk-assessment",
    risk_assessment,
    "Risk assessment",
    "A risk assessment is recorded (cases.csv: risk_assessed_on).",
    "Risk in stalking changes fast; what is done for the victim's safety follows the assessment.",
    duty=Authority.LOCAL,
    number=Authority.LOCAL,
    only_where=(Trait.GUARDED,),
    victim_first=True,
    grace=Grace.NOT_FOR_HIGH,
    recurring=True,
    needs=(_ASSESSED,),
    also=(WHY_NOT_STALKING,),
    side="police",
    readers=VICTIM,
)
