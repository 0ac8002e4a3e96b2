from collections.abc import Iterator

from config.first_day import Grace
from config.numbers import Within
from config.terms import VICTIM, Authority, EndReason, OwedBy
from models.rules.calendar import WorkingCalendar
from models.rules.catalogue.parts import DutyPart, missing, recorded, settled, unrecorded
from models.rules.catalogue.rule import PartOwner, Rule, Seeing
from models.rules.catalogue.scope import beyond_guarded
from models.rules.catalogue.traits import Trait
from models.rules.facts import WHY_NOT_STALKING, CaseFacts
from models.rules.result import CASE, Outcome, Owes, OwesNothing, Term
from models.rules.row_facts import IncidentFact
from models.rules.sight import SentColumn

BREACH = SentColumn("incidents.csv", "breach")
_ASSESSED = SentColumn("cases.csv", "risk_assessed_on")
_DECIDED = SentColumn("incidents.csv", "breach_decided_on")
_NO_BREACH = OwesNothing(
    CASE,
    EndReason.OUT_OF_SCOPE,
    "no incident is recorded as a breach",
    said="it is not recorded here as a breach any more",
)


def breach_unanswered(facts: CaseFacts, numbers: Within, calendar: WorkingCalendar) -> Iterator[Outcome]:
    """Police answer a reported breach: they assess the risk again, and decide on arrest, charge, or why neither.

    Each breach is an obligation until both are recorded.
    Source: Living in fear (HMIC and HMCPSI, July 2017): breaches were not treated as new stalking. Number: local
    standard, working days.
    """
    if beyond := beyond_guarded(facts):
        yield beyond
        return
    breaches = [row for row in facts.incidents if row.breach]
    if not breaches:
        yield _unmarked(facts)
    for row in breaches:
        subject, reported = f"incident:{row.ref}", row.reported_on
        if not row.supplied:
            yield OwesNothing(subject, EndReason.WITHDRAWN, "the incident was withdrawn by its source")
        elif asked := missing(parts := _parts(facts, row)):
            due = calendar.plus(reported, numbers.within)
            term = Term("breach reported", reported, numbers.within, due, unrecorded(asked))
            yield Owes(subject, OwedBy.POLICE, due, (term,), parts=asked, arose_on=reported)
        else:
            yield settled(subject, parts, "the risk was assessed after it, and what follows was decided")


def _unmarked(facts: CaseFacts) -> OwesNothing:
    """Answer for a case without a breach: there is none, or a source does not say which incident is one."""
    asked = (facts.sight.blind(BREACH, row.source_id, OwedBy.POLICE) for row in facts.incidents if row.supplied)
    unseen = next(filter(None, asked), "")
    return OwesNothing(CASE, EndReason.UNSEEN, unseen) if unseen else _NO_BREACH


def _parts(facts: CaseFacts, row: IncidentFact) -> tuple[DutyPart, DutyPart]:
    case, sight = facts.case, facts.sight
    return (
        recorded("a risk assessment", case.risk_assessed_on, _ASSESSED, sight, case.source_id, row.reported_on),
        recorded("the decision on the breach", row.breach_decided_on, _DECIDED, sight, row.source_id),
    )


RULE = Rule(
    "breach-unanswered",
    breach_unanswered,
    "Answer to a breach",
    "Both are recorded: a risk assessment on or after the day of the report (cases.csv: risk_assessed_on), and the "
    "decision on arrest, charge, or why neither (incidents.csv: breach_decided_on).",
    "A breach is new stalking, and often the sign that the danger is growing.",
    duty=Authority.PUBLISHED,
    number=Authority.LOCAL,
    only_where=(Trait.GUARDED,),
    victim_first=True,
    grace=Grace.NONE,
    needs=(_ASSESSED, _DECIDED),
    parts={"a risk assessment": PartOwner.OFFICER, "the decision on the breach": PartOwner.OFFICER},
    seeing=Seeing.PARTS,
    begins=(BREACH,),
    also=(WHY_NOT_STALKING,),
    side="police",
    readers=VICTIM,
)
