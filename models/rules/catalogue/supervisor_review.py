from collections.abc import Iterator

from config.numbers import EveryByRisk
from config.terms import OwedBy, ReviewKind
from models.rules.calendar import WorkingCalendar
from models.rules.catalogue.scope import beyond_uncharged_stalking
from models.rules.facts import CaseFacts, ReviewFact
from models.rules.result import CASE, Outcome, Owes, Term


def supervisor_review(facts: CaseFacts, numbers: EveryByRisk, calendar: WorkingCalendar) -> Iterator[Outcome]:
    """A police supervisor reviews an uncharged stalking case at an interval by risk; a quorate joint review counts too.

    Source: no published interval. Number: local standard, plain days.
    """
    if beyond := beyond_uncharged_stalking(facts):
        yield beyond
        return
    held = max((review.held_on for review in facts.reviews if _counts(review)), default=None)
    anchor = held or facts.case.opened_on
    every = numbers.every.of(facts.risk)
    due = calendar.plus(anchor, every)
    yield Owes(
        CASE,
        OwedBy.POLICE,
        due,
        (Term("last review" if held else "case opened", anchor, every, due, "" if held else "no review yet"),),
        held,
    )


def _counts(review: ReviewFact) -> bool:
    """Report whether a review counts: a quorate joint review, or any review by a supervisor."""
    return review.counts or (review.supplied and review.kind is ReviewKind.SUPERVISOR)
