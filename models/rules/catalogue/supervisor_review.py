from collections.abc import Iterator

from config.leading import OwnerKind
from config.numbers import EveryByRisk
from config.terms import VICTIM, Authority, OwedBy, ReviewKind
from models.rules.calendar import WorkingCalendar
from models.rules.catalogue.awaiting_charge import CHARGED_ON
from models.rules.catalogue.joint_review import HELD_ON
from models.rules.catalogue.rule import AnsweringFact, Rule
from models.rules.catalogue.scope import beyond_uncharged
from models.rules.catalogue.traits import Trait
from models.rules.facts import CaseFacts
from models.rules.result import CASE, Outcome, Owes, Term
from models.rules.row_facts import ReviewFact


def supervisor_review(facts: CaseFacts, numbers: EveryByRisk, calendar: WorkingCalendar) -> Iterator[Outcome]:
    """A police supervisor reviews an uncharged stalking case at an interval by risk; a quorate joint review counts too.

    Source: no published interval. Number: local standard, plain days.
    """
    if beyond := beyond_uncharged(facts):
        yield beyond
        return
    day = max((review.held_on for review in facts.reviews if counts(review)), default=None)
    anchor = day or facts.case.opened_on
    every = numbers.every.of(facts.risk)
    due = calendar.plus(anchor, every)
    yield Owes(
        CASE,
        OwedBy.POLICE,
        due,
        (Term("last review" if day else "case opened", anchor, every, due, "" if day else "no review yet"),),
        day,
        done="a review was held",
    )


def counts(review: ReviewFact) -> bool:
    """Return whether a review counts: a quorate joint review, or any review by a supervisor."""
    return review.counts or (review.supplied and review.kind is ReviewKind.SUPERVISOR)


RULE = Rule(
    "supervisor-review",
    supervisor_review,
    "Supervisor's review",
    "A supervisor's review is recorded (reviews.csv: kind supervisor, held_on).",
    "A second pair of eyes checks that the risk is understood and every line of enquiry is followed.",
    duty=Authority.LOCAL,
    number=Authority.LOCAL,
    only_where=(Trait.FULLY_GUARDED, Trait.UNCHARGED),
    recurring=True,
    also=(CHARGED_ON,),
    owner=OwnerKind.SUPERVISOR,
    side="police",
    readers=VICTIM,
    answer=AnsweringFact((HELD_ON,), new=ReviewKind.SUPERVISOR),
)
