from collections.abc import Iterator

from config.numbers import WithinByRisk
from config.terms import VICTIM, ActionSource, Agency, Authority, EndReason, OwedBy, Risk
from models.rules.calendar import WorkingCalendar
from models.rules.catalogue.rule import Rule
from models.rules.catalogue.scope import NO_REFERRAL, beyond_stalking_or_harassment
from models.rules.catalogue.traits import Trait
from models.rules.facts import CaseFacts
from models.rules.result import Outcome, Owes, OwesNothing, Term
from models.rules.row_facts import ReferralFact
from models.rules.sight import SentColumn

DECISION_ON = SentColumn("referrals.csv", "decision_on")


def charging_decision(facts: CaseFacts, numbers: WithinByRisk, calendar: WorkingCalendar) -> Iterator[Outcome]:
    """CPS decides a referral by the day requested, or within a span by risk. It waits while police answer a plan.

    Source: CPS review targets of 5 and 28 calendar days, which are targets and not law. Number: local standard, plain
    days.
    """
    if beyond := beyond_stalking_or_harassment(facts):
        yield beyond
        return
    if not facts.referrals:
        yield NO_REFERRAL
    waits = police_answer_action_plan(facts)
    for row in facts.referrals:
        subject = f"referral:{row.ref}"
        if not row.supplied:
            yield OwesNothing(subject, EndReason.WITHDRAWN, "the referral was withdrawn by its source")
        elif row.decision_on is not None:
            yield OwesNothing(subject, EndReason.MET, "CPS has decided the referral", row.decision_on)
        elif unseen := facts.sight.blind(DECISION_ON, row.source_id, OwedBy.CPS):
            yield OwesNothing(subject, EndReason.UNSEEN, unseen)
        elif waits:
            yield OwesNothing(subject, EndReason.MET, "police still owe what the action plan asks for")
        else:
            term = day_of(row, numbers, facts.risk, calendar)
            yield Owes(subject, OwedBy.CPS, term.makes, (term,), arose_on=row.submitted_on)


def police_answer_action_plan(facts: CaseFacts) -> bool:
    """Return whether police owe a live action-plan action: the file is with them until they answer it."""
    return any(
        a.live and a.source is ActionSource.ACTION_PLAN and a.owner_agency is Agency.POLICE for a in facts.actions
    )


def under_way(facts: CaseFacts) -> list[ReferralFact]:
    """Return the undecided referrals. One whose source sends no decisions is not known to be undecided."""
    sees = facts.sight.sees
    return [row for row in facts.referrals if row.undecided and sees(DECISION_ON, row.source_id, OwedBy.CPS)]


def day_of(row: ReferralFact, numbers: WithinByRisk, risk: Risk, calendar: WorkingCalendar) -> Term:
    """Calculate a referral's day by its rule's formula, whether or not the rule owes it."""
    if row.decision_required_by is not None:
        return Term("decision required by", row.decision_required_by, None, row.decision_required_by)
    within = numbers.within.of(risk)
    return Term("referral submitted", row.submitted_on, within, calendar.plus(row.submitted_on, within))


RULE = Rule(
    "charging-decision",
    charging_decision,
    "Charging decision by CPS",
    "The decision on the referral is recorded (referrals.csv: decision_on).",
    "Until CPS decides, the suspect may be free of conditions and the victim waits.",
    duty=Authority.LOCAL,
    number=Authority.LOCAL,
    only_where=(Trait.STALKING_OR_HARASSMENT, Trait.REFERRALS),
    needs=(DECISION_ON,),
    side="CPS",
    readers=VICTIM,
)
