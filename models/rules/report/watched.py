"""Cases that the base of a month names beside those in scope: presumed stalking; and those with a wanted suspect."""

from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from config.presumption import Presumption
from config.terms import Classification
from models.rules.facts import CaseFacts
from models.rules.report.asking import opened

_PRESUMED, _WANTED = "cases_presumed", "cases_wanted"
_OF_HARASSMENT, _DECLASSIFIED = "harassment_presumed", "declassified_presumed"
FIGURES = (_PRESUMED, _WANTED, _OF_HARASSMENT, _DECLASSIFIED)


class BaseCounts(NamedTuple):
    """The figures in which a case counts, and its columns of the table by risk."""

    keys: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()


def counted(facts: CaseFacts, on: date) -> BaseCounts:
    """Return in what a case counts at the end of a day: presumed stalking, or in scope with a wanted suspect."""
    row = facts.case
    if row.opened_on > on or (row.finalised_on is not None and row.finalised_on <= on):
        return BaseCounts()
    then = opened(facts)
    if presumed(then, on):
        of = _OF_HARASSMENT if row.classification is Classification.HARASSMENT else _DECLASSIFIED
        return BaseCounts((_PRESUMED, of), ("presumed",))
    return BaseCounts((_WANTED,), ("wanted",)) if then.in_scope and any(_wanted(then, on)) else BaseCounts()


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
