from collections.abc import Iterator

from config.numbers import Within
from config.terms import VICTIM, Authority, EndReason, FinalisedReason, OwedBy
from models.rules.calendar import WorkingCalendar
from models.rules.catalogue.joint_review import HELD
from models.rules.catalogue.rule import Rule
from models.rules.catalogue.scope import NOT_STALKING
from models.rules.catalogue.traits import Trait
from models.rules.facts import CaseFacts
from models.rules.result import CASE, Outcome, Owes, OwesNothing, Term
from models.rules.sight import SentColumn

FINALISED_ON = SentColumn("cases.csv", "finalised_on")
FINALISED_REASON = SentColumn("cases.csv", "finalised_reason")
_ATTENDED = (SentColumn("reviews.csv", "police_attended"), SentColumn("reviews.csv", "cps_attended"))
_OPEN = OwesNothing(CASE, EndReason.OUT_OF_SCOPE, "the case is not finalised", said="the case was reopened")
_OTHERWISE = OwesNothing(
    CASE,
    EndReason.OUT_OF_SCOPE,
    "the case was not finalised administratively",
    said="another reason is recorded for which the case was finalised",
)
_REVIEWED = OwesNothing(
    CASE,
    EndReason.MET,
    "a joint review was held on the day it was finalised or later",
    said="a joint review of it was held, and both attended",
)


def closed_silently(facts: CaseFacts, numbers: Within, calendar: WorkingCalendar) -> Iterator[Outcome]:
    """Police and CPS review a stalking case that was finalised administratively.

    A joint review of any linked case meets it, on the day of finalisation or later.
    Source: no published duty; a case closed administratively is no longer in view of either side. Number: local
    standard, working days.
    """
    finalised = facts.case.finalised_on
    if finalised is None:
        yield _OPEN
    elif not facts.stalking:
        yield NOT_STALKING
    elif facts.case.finalised_reason is not FinalisedReason.ADMINISTRATIVE:
        yield _OTHERWISE
    elif facts.latest_quorate is not None and facts.latest_quorate >= finalised:
        yield _REVIEWED._replace(on=facts.latest_quorate)
    elif why := next(filter(None, (facts.sight.blind(column, None, OwedBy.BOTH) for column in _ATTENDED)), ""):
        yield OwesNothing(CASE, EndReason.UNSEEN, why)
    else:
        due = calendar.plus(finalised, numbers.within)
        note = "no joint review since"
        term = Term("case finalised administratively", finalised, numbers.within, due, note)
        yield Owes(CASE, OwedBy.BOTH, due, (term,), arose_on=finalised)


RULE = Rule(
    "closed-silently",
    closed_silently,
    "Joint review of a case finalised administratively",
    "A joint review that both police and CPS attended, on the day it was finalised or later, is recorded "
    "(reviews.csv: kind joint, held_on, police_attended yes and cps_attended yes).",
    "A case that is closed without a word may be one in which the danger goes on.",
    duty=Authority.LOCAL,
    number=Authority.LOCAL,
    only_where=(Trait.CLOSED,),
    needs=_ATTENDED,
    begins=(FINALISED_ON, FINALISED_REASON),
    side="both",
    readers=VICTIM,
    answer=HELD,
)
