from collections.abc import Iterator

from config.numbers import JointReviewNumbers
from config.terms import VICTIM, Authority, EndReason, OwedBy, ReviewKind
from models.rules.calendar import WorkingCalendar
from models.rules.catalogue.beginnings import first_reported_after
from models.rules.catalogue.rule import AnsweringFact, Rule
from models.rules.catalogue.scope import beyond_fully_guarded
from models.rules.catalogue.traits import Trait
from models.rules.facts import CaseFacts
from models.rules.result import CASE, Outcome, Owes, OwesNothing, Term
from models.rules.sight import SentColumn

HELD_ON = SentColumn("reviews.csv", "held_on")
HELD = AnsweringFact((HELD_ON,), new=ReviewKind.JOINT)
_NOT_PRINCIPAL = OwesNothing(
    CASE,
    EndReason.OUT_OF_SCOPE,
    "a linked case is the principal and owes the joint review",
    said="a linked case owes the joint review for both",
)


def joint_review(facts: CaseFacts, numbers: JointReviewNumbers, calendar: WorkingCalendar) -> Iterator[Outcome]:
    """Police and CPS review a stalking case together, at an interval by risk and soon after a new incident.

    Only the principal of linked cases owes it, and the incidents and reviews of all of them count.
    Source: the NPCC/CPS protocol of 23 May 2018 asks both sides to review progress regularly. Number: local standard,
    working days; no national interval exists.
    """
    beyond = beyond_fully_guarded(facts) or (None if facts.principal else _NOT_PRINCIPAL)
    if beyond:
        yield beyond
        return
    day = facts.latest_quorate
    anchor = day or facts.case.opened_on
    every = numbers.every.of(facts.risk)
    due = calendar.plus(anchor, every)
    fact = "last joint review" if day else "case opened"
    reported = first_reported_after(anchor, (*facts.incidents, *facts.linked_incidents))
    if reported is None:
        because: tuple[Term, ...] = (Term(fact, anchor, every, due, "no incident since"),)
    else:
        soon = calendar.plus(reported, numbers.after_incident)
        note = "the earlier day counts" if soon != due else "the same day"
        because = (
            Term(fact, anchor, every, due),
            Term("first incident reported since", reported, numbers.after_incident, soon, note),
        )
        due = min(due, soon)
    yield Owes(CASE, OwedBy.BOTH, due, because, day, done="it was held, and both attended")


RULE = Rule(
    "joint-review",
    joint_review,
    "Joint review by police and CPS",
    "A joint review that both police and CPS attended is recorded (reviews.csv: kind joint, held_on, "
    "police_attended yes and cps_attended yes).",
    "Both agencies look at the whole pattern of behaviour, so that rising danger is seen early.",
    duty=Authority.PUBLISHED,
    number=Authority.LOCAL,
    only_where=(Trait.FULLY_GUARDED,),
    recurring=True,
    side="both",
    readers=VICTIM,
    convened=True,
    answer=HELD,
)
