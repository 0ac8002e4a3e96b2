"""Duties that are owed again and again, by their own days: from each day on which one was done to the next.

What a duty asked for is what its rule says of the case as it was between the two: of what came after the next day,
the next duty tells.
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from itertools import pairwise
from typing import Any

from config.terms import OwedBy
from models.rules.catalogue.awaiting_charge import CHARGED_ON
from models.rules.catalogue.orders import PROTECTION_ORDERS
from models.rules.catalogue.supervisor_review import counts
from models.rules.facts import CaseFacts
from models.rules.report.asking import Asking, Fallen, ended, fallen_of, without
from models.rules.report.earlier import DayKind
from models.rules.report.history import History, in_status
from models.rules.row_facts import ReviewFact

_Between = Iterator[tuple[date | None, date | None]]


def of_column(kind: DayKind) -> Callable[[Asking, CaseFacts, History], Iterator[Fallen | None]]:
    """Return how duties are found whose days are those that a column of the case ever had."""

    def way(asking: Asking, facts: CaseFacts, history: History) -> Iterator[Fallen | None]:
        if _sees(asking, facts):
            for last, following in _between(history.days(kind)):
                case = _last_done(_reported_by(asking.past(facts), following), kind, last)
                yield from _fallen(asking, facts, case, following)

    return way


def orders_considered(asking: Asking, facts: CaseFacts, history: History) -> Iterator[Fallen | None]:
    """Yield each consideration of a protection order that an incident asked for while none ran; an order ends it."""
    if not _sees(asking, facts):
        return
    for last, following in _between(history.days(DayKind.CONSIDERED)):
        case, done_on = _last_done(asking.past(facts), DayKind.CONSIDERED, last), date.min
        for day in _asking_days(asking.past(facts), last, following):
            asked = [owes for owes in asking.owes(_known_by(case, day)) if owes.arose_on == day > done_on]
            for owes in asked:
                found = [made for made in _orders_made(facts) if made > day]
                met_on = min((one for one in (*found, following) if one), default=None)
                done_on = met_on or date.max
                yield ended(fallen_of(asking, facts, owes, met_on), asking.over_on(facts))


def joint_reviews(asking: Asking, facts: CaseFacts, history: History) -> Iterator[Fallen | None]:
    """Yield each joint review that fell due: from one that both attended to the next, of all linked cases."""
    del history
    held = {row.held_on for row in (*facts.reviews, *facts.linked_reviews) if row.counts}
    for last, following in _between(sorted(held)):
        case = _reported_by(_reviewed_by(asking.past(facts), last), following)
        yield from _fallen(asking, facts, case, following)


def supervisor_reviews(asking: Asking, facts: CaseFacts, history: History) -> Iterator[Fallen | None]:
    """Yield each review by a supervisor that fell due before the charge, which ends the duty as a review does."""
    del history
    past, charged_on = without(asking.past(facts), (CHARGED_ON,)), facts.case.charged_on
    for last, following in _between(sorted({row.held_on for row in facts.reviews if counts(row)})):
        if charged_on is None or charged_on > (last or facts.case.opened_on):
            met_on = min(filter(None, (following, charged_on)), default=None)
            yield from _fallen(asking, facts, _reviewed_by(past, last), met_on)


def dangers(asking: Asking, facts: CaseFacts, history: History) -> Iterator[Fallen | None]:
    """Yield the first sign of danger after each confirmation of the grade, which the next confirmation answers."""
    for last, following in _between(history.days(DayKind.CONFIRMED)):
        case = _last_done(_reported_by(asking.past(facts), following), DayKind.CONFIRMED, last)
        for owes in asking.owes(case):
            if following is None or (owes.arose_on and owes.arose_on <= following):
                yield ended(fallen_of(asking, facts, owes, following), asking.over_on(facts))


def searches(asking: Asking, facts: CaseFacts, history: History) -> Iterator[Fallen | None]:
    """Yield each attempt to arrest that fell due while a suspect was sought: from the status, then from the last."""
    past, over_on = asking.past(facts), asking.over_on(facts)
    for status in history.statuses():
        until = status.until_on or date.max
        tried = [day for day in history.days(DayKind.ATTEMPTED) if status.on <= day <= until]
        over = min(filter(None, (status.until_on, over_on)), default=None)
        for last, following in _between(tried):
            case = _last_done(in_status(past, status), DayKind.ATTEMPTED, last)
            for owes in asking.owes(case):
                yield ended(fallen_of(asking, facts, owes, following), over)


def _between(days: Sequence[date]) -> _Between:
    """Yield each day on which a duty was done with the next; None before the first, and after the last."""
    return pairwise((None, *days, None))


def _fallen(asking: Asking, facts: CaseFacts, case: CaseFacts, done_on: date | None) -> Iterator[Fallen | None]:
    for owes in asking.owes(case):
        yield ended(fallen_of(asking, facts, owes, done_on), asking.over_on(facts))


def _sees(asking: Asking, facts: CaseFacts) -> bool:
    return all(facts.sight.sees(column, facts.case.source_id, OwedBy.POLICE) for column in asking.rule.needs)


def _last_done(case: CaseFacts, kind: DayKind, day: date | None) -> CaseFacts:
    row: dict[str, Any] = {kind.value: day}
    return case._replace(case=case.case._replace(**row))


def _reported_by(case: CaseFacts, day: date | None) -> CaseFacts:
    """Return a case with the incidents that were reported by a day."""
    if day is None:
        return case
    own, linked = (
        tuple(row for row in rows if row.reported_on <= day) for rows in (case.incidents, case.linked_incidents)
    )
    return case._replace(incidents=own, linked_incidents=linked)


def _reviewed_by(case: CaseFacts, day: date | None) -> CaseFacts:
    """Return a case with the reviews that were held by a day."""

    def held(rows: Sequence[ReviewFact]) -> tuple[ReviewFact, ...]:
        return tuple(row for row in rows if day is not None and row.held_on <= day)

    return case._replace(reviews=held(case.reviews), linked_reviews=held(case.linked_reviews))


def _asking_days(past: CaseFacts, last: date | None, following: date | None) -> list[date]:
    """Return the days on which it may have been asked for whether an order is wanted: at first, then of incidents."""
    if last is None:
        return [past.watched_since[1]]
    reported = {row.reported_on for row in past.incidents if row.supplied and row.reported_on > last}
    return sorted(day for day in reported if following is None or day <= following)


def _known_by(case: CaseFacts, day: date) -> CaseFacts:
    """Return a case with the orders that were made, and the incidents of a day alone."""
    made = tuple(row for row in case.orders if row.made_on is not None and row.made_on <= day)
    return case._replace(orders=made, incidents=tuple(row for row in case.incidents if row.reported_on == day))


def _orders_made(facts: CaseFacts) -> list[date]:
    rows = (row for row in facts.orders if row.supplied and row.kind in PROTECTION_ORDERS)
    return [row.made_on for row in rows if row.made_on is not None]
