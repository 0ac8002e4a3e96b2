from collections.abc import Iterator

from config.numbers import Numbers
from config.terms import Authority, EndReason, OwedBy
from models.rules.calendar import WorkingCalendar
from models.rules.catalogue.charging_decision import DECISION_ON
from models.rules.catalogue.rule import AnsweringFact, Rule
from models.rules.catalogue.scope import NO_REFERRAL, beyond_stalking_or_harassment
from models.rules.catalogue.traits import Trait
from models.rules.facts import CaseFacts
from models.rules.result import Outcome, Owes, OwesNothing, Term
from models.rules.sight import SentColumn

CHECKLIST_MISSING = SentColumn("referrals.csv", "checklist_missing")


def referral_checklist(facts: CaseFacts, numbers: Numbers, calendar: WorkingCalendar) -> Iterator[Outcome]:  # noqa: ARG001  one shape for all rules
    """Police send a referral with every checklist item. Missing items are owed from the day it was submitted.

    Source: the protocol of 23 May 2018 has a checklist that goes with the referral. Number: local standard, the day
    itself.
    """
    if beyond := beyond_stalking_or_harassment(facts):
        yield beyond
        return
    if not facts.referrals:
        yield NO_REFERRAL
    for row in facts.referrals:
        subject, missing = f"referral:{row.ref}", row.checklist_missing
        if not row.supplied:
            yield OwesNothing(subject, EndReason.WITHDRAWN, "the referral was withdrawn by its source")
        elif row.decision_on is not None:
            yield OwesNothing(subject, EndReason.MET, "CPS has decided the referral", row.decision_on)
        elif why := facts.sight.blind(CHECKLIST_MISSING, row.source_id, OwedBy.POLICE):
            yield OwesNothing(subject, EndReason.UNSEEN, why)
        elif not missing:
            yield OwesNothing(subject, EndReason.MET, "no item of the checklist is recorded as missing")
        elif why := facts.sight.blind(DECISION_ON, row.source_id, OwedBy.POLICE):
            yield OwesNothing(subject, EndReason.UNSEEN, why)
        else:
            day = row.submitted_on
            yield Owes(
                subject,
                OwedBy.POLICE,
                day,
                (Term("referral submitted", day, None, day, f"of the checklist {', '.join(missing)} missing"),),
                arose_on=day,
                parts=missing,
            )


RULE = Rule(
    "referral-checklist",
    referral_checklist,
    "Missing items of the referral's checklist",
    "No item is recorded as missing any more, or CPS's decision is recorded (referrals.csv: checklist_missing, "
    "decision_on).",
    "CPS decides on what it is sent: what is missing about the victim's safety cannot count.",
    duty=Authority.PUBLISHED,
    number=Authority.LOCAL,
    only_where=(Trait.STALKING_OR_HARASSMENT, Trait.REFERRALS),
    needs=(CHECKLIST_MISSING, DECISION_ON),
    side="police",
    answer=AnsweringFact((CHECKLIST_MISSING,)),
)
