"""The danger of a case: what was reported, the grade and who confirmed it, and how the victim is protected today."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from config.terms import OrderKind, SuspectStatus
from models.queries.obligations.dangers import DangerRow
from models.rules.result import Term
from models.rules.whereabouts import SuspectLine
from tasks.platform.text import brief_days, one_line


class Ratifier(NamedTuple):
    """The contact who confirmed a grade in Casebeat, as a message names them."""

    ref: str
    name: str
    email: str


@dataclass(frozen=True, kw_only=True)
class Danger:
    """What happened in a case whose grade asks for a look, and how the victim is protected."""

    raised: str  # what made the latest day one of danger, with its day, the year only where it is another
    raised_on: date  # that day
    assessed_on: date | None
    ratified_on: date | None
    ratified_by: Ratifier | None  # None: its source says so
    orders: tuple[OrderKind, ...]  # those that stand
    suspects: tuple[SuspectLine, ...]
    contacted_on: date | None
    actions: tuple[str, ...]  # the kinds of those that are outstanding
    ended: bool = False  # whether one was made and none stands any more
    unseen: tuple[str, ...] = ()  # what is not said, since nobody sends it: as DangerRow names it


def of(row: DangerRow, because: Sequence[Term], people: Mapping[str, Sequence[Any]], today: date) -> Danger:
    """Return the context of a danger, of the arithmetic of what is owed; `people` have their names and addresses."""
    by, standing = row.ratified_by, _standing(row, today)
    return Danger(
        raised=brief_days(one_line(because[-1].note), today),
        raised_on=because[-1].day,
        assessed_on=row.assessed_on,
        ratified_on=row.ratified_on,
        ratified_by=Ratifier(one_line(by), *map(one_line, people.get(by, ("", ""))[:2])) if by else None,
        orders=standing,
        suspects=tuple(map(_line, row.suspects)),
        contacted_on=row.contacted_on,
        actions=tuple(map(one_line, row.actions)),
        ended=bool(row.orders) and not standing,
        unseen=tuple(row.unseen),
    )


def _standing(row: DangerRow, today: date) -> tuple[OrderKind, ...]:
    """Return the kinds of the orders in force on a day; one without an end stays in force."""
    standing = (OrderKind(kind) for kind, ends in row.orders if not ends or date.fromisoformat(ends) >= today)
    return tuple(dict.fromkeys(standing))


def _line(row: tuple[str, str | None, str | None, str | None, str | None]) -> SuspectLine:
    ref, status, since, bail_ends, charged = row
    return SuspectLine(
        ref,
        SuspectStatus(status) if status else None,
        date.fromisoformat(since) if since else None,
        date.fromisoformat(bail_ends) if bail_ends and status == SuspectStatus.BAIL else None,
        date.fromisoformat(charged) if charged and not status else None,
    )
