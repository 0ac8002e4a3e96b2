"""Cases of a month's base: presumed stalking, with a wanted suspect, and in scope with nothing overdue."""

from collections.abc import Collection, Iterator
from datetime import date
from typing import NamedTuple

from config.presumption import Presumption
from config.terms import Classification, OwedBy
from models.rules.catalogue import joint_review, risk_assessment, spo_considered, victim_contact
from models.rules.catalogue.rule import Rule
from models.rules.facts import CaseFacts
from models.rules.report.asking import Fallen, opened

_PRESUMED, _WANTED = "cases_presumed", "cases_wanted"
_OF_HARASSMENT, _DECLASSIFIED = "harassment_presumed", "declassified_presumed"
# Of the open cases in scope: the duty of which nothing was overdue, its figure, and its column of the table by risk.
_IN_TIME = (
    (risk_assessment.RULE, "cases_assessed", "assessed"),
    (spo_considered.RULE, "cases_order_considered", "considered"),
    (victim_contact.RULE, "cases_in_contact", "contact"),
    (joint_review.RULE, "cases_reviewed", "reviewed"),
)
FIGURES = (_PRESUMED, _WANTED, _OF_HARASSMENT, _DECLASSIFIED, *(key for _, key, _ in _IN_TIME))


class BaseCounts(NamedTuple):
    """The figures in which a case counts, and its columns of the table by risk."""

    keys: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()


def counted(facts: CaseFacts, duties: Collection[Fallen], on: date) -> BaseCounts:
    """Return in what a case counts at the end of a day, with all of its duties: presumed stalking, or in scope."""
    row = facts.case
    if row.opened_on > on or (row.finalised_on is not None and row.finalised_on <= on):
        return BaseCounts()
    then = opened(facts)
    if presumed(then, on):
        of = _OF_HARASSMENT if row.classification is Classification.HARASSMENT else _DECLASSIFIED
        return BaseCounts((_PRESUMED, of), ("presumed",))
    return _in_scope(then, duties, on) if then.in_scope else BaseCounts()


def _in_scope(then: CaseFacts, duties: Collection[Fallen], on: date) -> BaseCounts:
    behind = {duty.rule for duty in duties if duty.due_on < on and (duty.done_on is None or duty.done_on > on)}
    found = [(key, column) for rule, key, column in _IN_TIME if rule.name not in behind and _sees(then, rule)]
    found += [(_WANTED, "wanted")] if any(_wanted(then, on)) else []
    return BaseCounts(tuple(key for key, _ in found), tuple(column for _, column in found))


def _sees(then: CaseFacts, rule: Rule) -> bool:
    """Return whether the source of a case sends what ends the duty: where it does not, nobody can see it done."""
    return all(then.sight.sees(column, then.case.source_id, OwedBy.POLICE) for column in rule.needs)


def presumed(then: CaseFacts, on: date) -> bool:
    """Return whether an open case was watched as stalking at the end of a day, though it is not recorded as that."""
    row = then.case
    if then.presumption is Presumption.OFF:
        return False
    if row.why_not_stalking_on and row.why_not_stalking_on > on:
        then = then._replace(case=row._replace(why_not_stalking_on=None))
    return then.presumed and then.watched_since[1] <= on


def _wanted(then: CaseFacts, on: date) -> Iterator[bool]:
    """Yield of each suspect whether it was at large or wanted at the end of a day."""
    for _, alone in then.suspects:
        yield alone.case.sought and alone.status_day <= on
