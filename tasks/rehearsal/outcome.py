"""The outcome of one rehearsed policy: how much everyone is written to, and what they hear of and when."""

from collections import Counter, defaultdict
from datetime import date
from typing import NamedTuple

from sqlalchemy import Connection

from models.queries.rehearsal import figures
from models.queries.rehearsal.figures import CaseNumbers, ReaderDay, WhatIsOwed
from tasks.rehearsal.foreseeing import Foreseeing

MANY = 20  # new matters on a reader's day: more is not read to its end


class RehearsedReader(NamedTuple):
    """A reader: their roles, their mails, and their fullest day."""

    contact_ref: str
    roles: tuple[str, ...]
    mails: int
    days: int  # on which they are written to
    many: int  # days with more than MANY new matters
    most: int
    most_on: date


class RehearsedWeeks(NamedTuple):
    """The outcome of the days under one policy."""

    readers: tuple[RehearsedReader, ...]  # those with the fullest days first
    mails_on: dict[date, int]
    heard_on: dict[WhatIsOwed, date]
    stalled_on: dict[int, date]
    cases: CaseNumbers

    @property
    def mails(self) -> int:
        """All letters and urgent mails."""
        return sum(self.mails_on.values())

    @property
    def flooded(self) -> tuple[RehearsedReader, ...]:
        """The readers who have a day with more than MANY new matters."""
        return tuple(one for one in self.readers if one.many)


def read(connection: Connection, first: date, last: date, foreseen: Foreseeing | None = None) -> RehearsedWeeks:
    """Read the outcome from the copied book, after its days, and from what was foreseen of them."""
    days, roles = figures.reader_days(connection, first, last), figures.roles(connection)
    by_reader: dict[str, list[ReaderDay]] = defaultdict(list)
    mails_on = Counter[date]()
    for one in days:
        matters = foreseen.matters[one.contact_ref, one.day] if foreseen else 0
        by_reader[one.contact_ref].append(one._replace(matters=one.matters + matters))
        mails_on[one.day] += one.mails
    heard_on = figures.heard_on(connection, first, last)
    for matter, day in foreseen.heard_on.items() if foreseen else ():
        heard_on[matter] = min(day, heard_on.get(matter, day))
    readers = [_reader(ref, tuple(roles.get(ref, ())), theirs) for ref, theirs in by_reader.items()]
    return RehearsedWeeks(
        tuple(sorted(readers, key=lambda one: (-one.most, one.contact_ref))), dict(mails_on),
        heard_on, figures.stalled_on(connection, first, last),
        figures.case_numbers(connection, first, last),
    )  # fmt: skip


def _reader(ref: str, roles: tuple[str, ...], days: list[ReaderDay]) -> RehearsedReader:
    fullest = max(days, key=lambda one: (one.matters, -one.day.toordinal()))
    many = sum(one.matters > MANY for one in days)
    return RehearsedReader(ref, roles, sum(one.mails for one in days), len(days), many, fullest.matters, fullest.day)
