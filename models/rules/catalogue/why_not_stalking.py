from collections.abc import Iterator

from config.numbers import Within
from config.terms import VICTIM, Authority, Classification, EndReason, OwedBy
from models.rules.calendar import WorkingCalendar
from models.rules.catalogue.rule import Rule
from models.rules.catalogue.scope import finalised
from models.rules.catalogue.traits import Trait
from models.rules.facts import WHY_NOT_STALKING, CaseFacts
from models.rules.result import CASE, Outcome, Owes, OwesNothing, Term

_STALKING = OwesNothing(
    CASE, EndReason.OUT_OF_SCOPE, "the case is recorded as stalking", said="the case is recorded as stalking again"
)
_NEVER = OwesNothing(
    CASE,
    EndReason.OUT_OF_SCOPE,
    "the case is not recorded as harassment and was never stalking",
    said="the case is not recorded as harassment any more",
)
_ANSWERED = OwesNothing(CASE, EndReason.MET, "the reason is recorded", said="the reason was recorded")
_NO_TRIGGER = OwesNothing(
    CASE,
    EndReason.MET,
    "the suspect is no former partner, and neither a second incident nor a referral is recorded",
    said="nothing is recorded any more that raises the question",
)


def why_not_stalking(facts: CaseFacts, numbers: Within, calendar: WorkingCalendar) -> Iterator[Outcome]:
    """Police record why conduct that may well be stalking is not recorded as stalking.

    A reason recorded before the case stopped being stalking answers an earlier question.
    Source: the protocol of 23 May 2018 asks why a case is not stalking; by the crime counting rules since April 2020
    conduct by a former partner is stalking unless police are satisfied that it is not. Number: local standard, working
    days from the fact that raised the question.
    """
    row = facts.case
    if not facts.open:
        yield finalised(facts)
    elif facts.stalking:
        yield _STALKING
    elif row.classification is not Classification.HARASSMENT and not facts.once_stalking:
        yield _NEVER
    elif row.why_not_answered:
        yield _ANSWERED._replace(on=row.why_not_stalking_on)
    elif (raised := facts.question) is None:
        yield _NO_TRIGGER
    elif why := facts.why_not_unseen:
        yield OwesNothing(CASE, EndReason.UNSEEN, why)
    else:
        fact, day = raised
        due = calendar.plus(day, numbers.within)
        yield Owes(CASE, OwedBy.POLICE, due, (Term(fact, day, numbers.within, due),), arose_on=day)


RULE = Rule(
    "why-not-stalking",
    why_not_stalking,
    "Reason why the case is not stalking",
    "The day on which the reason was recorded is sent (cases.csv: why_not_stalking_on), or the case is recorded as "
    "stalking (cases.csv: classification).",
    "Stalking that is taken for something less goes without the safeguards made for it.",
    duty=Authority.PUBLISHED,
    number=Authority.LOCAL,
    only_where=(Trait.OPEN, Trait.NOT_STALKING),
    needs=(WHY_NOT_STALKING,),
    side="police",
    readers=VICTIM,
)
