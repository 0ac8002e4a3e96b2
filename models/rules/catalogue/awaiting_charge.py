from collections.abc import Iterator

from config.numbers import WithinByRisk
from config.terms import Authority, EndReason, OwedBy
from models.rules.calendar import WorkingCalendar
from models.rules.catalogue.rule import AnsweringFact, Rule, Seeing
from models.rules.catalogue.scope import beyond_fully_guarded, charged
from models.rules.catalogue.traits import Trait
from models.rules.facts import CHARGED_CODES, CaseFacts
from models.rules.result import CASE, Outcome, Owes, OwesNothing, Term
from models.rules.sight import SentColumn

CHARGED_ON = SentColumn("cps_cases.csv", "charged_on")
CHARGED_BY_POLICE = SentColumn("cases.csv", "charged_on")
_AUTHORISED_ON = SentColumn("cps_cases.csv", "charge_authorised_on")
_NOT_AUTHORISED = OwesNothing(
    CASE,
    EndReason.MET,
    "no charge is authorised",
    said="no authorised charge is recorded any more",
    kept_in=_AUTHORISED_ON,
)


def awaiting_charge(facts: CaseFacts, numbers: WithinByRisk, calendar: WorkingCalendar) -> Iterator[Outcome]:
    """Police charge what CPS has authorised, within a span by risk.

    Source: no published limit. Number: local standard, plain days and calendar months.
    """
    authorised = facts.case.charge_authorised_on
    if beyond := beyond_fully_guarded(facts):
        yield beyond
    elif facts.charged:
        yield charged(facts)
    elif authorised is None:
        yield _NOT_AUTHORISED
    elif unseen := _unseen(facts):
        yield OwesNothing(CASE, EndReason.UNSEEN, unseen)
    else:
        within = numbers.within.of(facts.risk)
        due = calendar.plus(authorised, within)
        because = (Term("charge authorised", authorised, within, due),)
        yield Owes(CASE, OwedBy.POLICE, due, because, arose_on=authorised)


def _unseen(facts: CaseFacts) -> str:
    """Return why no charge can be seen: neither agency sends its column."""
    row, sight = facts.case, facts.sight
    told = sight.sees(CHARGED_BY_POLICE, row.source_id, OwedBy.POLICE)
    return "" if told else sight.blind(CHARGED_ON, row.cps_source_id, OwedBy.CPS)


RULE = Rule(
    "awaiting-charge",
    awaiting_charge,
    "Charge authorised but not made",
    "The charge is recorded (cps_cases.csv or cases.csv: charged_on).",
    "An authorised charge protects nobody until it is made.",
    duty=Authority.LOCAL,
    number=Authority.LOCAL,
    only_where=(Trait.FULLY_GUARDED, Trait.UNCHARGED, Trait.AUTHORISED),
    needs=(CHARGED_ON, CHARGED_BY_POLICE),
    seeing=Seeing.EITHER,
    begins=(_AUTHORISED_ON,),
    side="police",
    answer=AnsweringFact((CHARGED_ON, CHARGED_CODES)),
)
