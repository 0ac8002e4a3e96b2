"""The duties of the orders of a case by their own days."""

from collections.abc import Iterator

from models.rules.catalogue.orders import RENEWAL_DECIDED_ON, replaced_on
from models.rules.facts import CaseFacts
from models.rules.report.asking import Asking, Fallen, duty_of, judged, without
from models.rules.report.history import History


def orders_made(asking: Asking, facts: CaseFacts, history: History) -> Iterator[Fallen | None]:
    """Yield a duty for each order made; one that a later one replaces is owed until then."""
    del history
    for row in facts.orders:
        alone = facts._replace(orders=(row,))
        for owes in asking.owes(without(alone, (*asking.rule.needs, RENEWAL_DECIDED_ON))):
            answer = asking.answer(alone, owes.subject)
            yield judged(duty_of(asking, facts, owes), answer, replaced_on(row, facts.orders))


def orders_ending(asking: Asking, facts: CaseFacts, history: History) -> Iterator[Fallen | None]:
    """Yield a duty for each order that ends."""
    del history
    for row in facts.orders:
        for owes in asking.owes(without(facts._replace(orders=(row,)), asking.rule.needs)):
            yield judged(duty_of(asking, facts, owes, by_due=True), asking.answer(facts, owes.subject))
