from collections.abc import Iterator
from datetime import date

from config.numbers import ClosingNumbers
from config.terms import VICTIM, Authority, Classification, EndReason, FinalisedReason, OwedBy
from models.rules.calendar import WorkingCalendar
from models.rules.catalogue.closed_silently import FINALISED_ON, FINALISED_REASON
from models.rules.catalogue.parts import DutyPart, missing, recorded, settled, unrecorded
from models.rules.catalogue.rule import PartOwner, Rule, Seeing
from models.rules.catalogue.scope import NO_QUESTION, WHY_NOT_ANSWERED
from models.rules.catalogue.traits import Trait
from models.rules.facts import WHY_NOT_STALKING, CaseFacts
from models.rules.result import CASE, Outcome, Owes, OwesNothing, Term
from models.rules.sight import SentColumn

_REVIEWED, _TOLD = _NEEDS = SentColumn("cases.csv", "nfa_reviewed_on"), SentColumn("cases.csv", "nfa_victim_told_on")
_OWED_BY = {FinalisedReason.NFA_POLICE: OwedBy.POLICE, FinalisedReason.NFA_CPS: OwedBy.BOTH}
_OPEN = OwesNothing(CASE, EndReason.OUT_OF_SCOPE, "the case is not finalised", said="the case was reopened")
_NEVER = OwesNothing(
    CASE,
    EndReason.OUT_OF_SCOPE,
    "the case is not recorded as stalking and never was",
    said="the case is not recorded as stalking any more",
)
_OTHERWISE = OwesNothing(
    CASE,
    EndReason.OUT_OF_SCOPE,
    "the case was not finalised with no further action",
    said="another reason is recorded for which the case was finalised",
)


def nfa_review(facts: CaseFacts, numbers: ClosingNumbers, calendar: WorkingCalendar) -> Iterator[Outcome]:
    """A supervisor reviews a stalking case that ends with no further action, and police tell the victim why.

    So does harassment that may be stalking, of which nobody has recorded why it is not. The victim hears the reasons
    and of the right to review. What was recorded long before the end is about something else.
    Source: Victims' Code and the Victims' Right to Review scheme; the supervisor's review is local. Number: local
    standard, working days from the day it was finalised, and plain days before it.
    """
    finalised, reason = facts.case.finalised_on, facts.case.finalised_reason
    if finalised is None:
        yield _OPEN
    elif reason is None or reason not in _OWED_BY:
        yield _OTHERWISE
    elif beyond := _never_stalking(facts):
        yield beyond
    elif asked := missing(parts := _parts(facts, calendar.plus(finalised, numbers.not_before))):
        due = calendar.plus(finalised, numbers.within)
        term = Term("case ended with no further action", finalised, numbers.within, due, unrecorded(asked))
        yield Owes(CASE, _OWED_BY[reason], due, (term,), parts=asked, arose_on=finalised)
    else:
        yield settled(CASE, parts, "a supervisor reviewed it, and the victim was told why")


def _never_stalking(facts: CaseFacts) -> OwesNothing | None:
    """Return why a case that is over needs no review; None if it is or was stalking, or there is no reason why not."""
    if facts.stalking or facts.once_stalking:
        return None
    if facts.case.classification is not Classification.HARASSMENT:
        return _NEVER
    if facts.case.why_not_answered:
        return WHY_NOT_ANSWERED._replace(on=facts.case.why_not_stalking_on)
    if facts.question is None:
        return NO_QUESTION
    return OwesNothing(CASE, EndReason.UNSEEN, facts.why_not_unseen) if facts.why_not_unseen else None


def _parts(facts: CaseFacts, earliest: date) -> tuple[DutyPart, ...]:
    row = facts.case
    days = (
        ("the review by a supervisor", row.nfa_reviewed_on, _REVIEWED),
        ("the victim told why, and of the right to review", row.nfa_victim_told_on, _TOLD),
    )
    return tuple(recorded(name, day, column, facts.sight, row.source_id, earliest) for name, day, column in days)


RULE = Rule(
    "nfa-review",
    nfa_review,
    "Review of a case ended with no further action",
    "Both are recorded: the supervisor's review, and the day on which the victim was told why, and of the right to "
    "review (cases.csv: nfa_reviewed_on, nfa_victim_told_on).",
    "A case that ends in silence leaves the victim at risk, and without the review that could take it up again.",
    duty=Authority.PUBLISHED,
    number=Authority.LOCAL,
    only_where=(Trait.CLOSED,),
    needs=_NEEDS,
    parts={
        "the review by a supervisor": PartOwner.SUPERVISOR,
        "the victim told why, and of the right to review": PartOwner.OFFICER,
    },
    seeing=Seeing.PARTS,
    begins=(FINALISED_ON, FINALISED_REASON),
    also=(WHY_NOT_STALKING,),
    side="police; both where CPS ended it",
    readers=VICTIM,
)
