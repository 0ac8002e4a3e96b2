"""The outcome of one rehearsed policy: how much everyone is written to, and what they hear of and when."""

from collections import Counter, defaultdict
from datetime import date
from pathlib import Path
from typing import NamedTuple

from models.queries.rehearsal import figures
from models.queries.rehearsal.figures import CaseNumbers, ReaderDay
from tasks.rehearsal.foreseeing import Foreseeing
from tasks.servers.database import transaction

NEWS, STALLS = "news", "stalls"  # files of lines that end in a day, in the order of what stands before it
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
    matters: int  # of which somebody hears for the first time
    stalls: int  # cases that stall
    cases: CaseNumbers
    danger: float = 0.0  # days of danger of which a SPOC of police is told, a day of the weeks before

    @property
    def mails(self) -> int:
        """All letters and urgent mails."""
        return sum(self.mails_on.values())

    @property
    def flooded(self) -> tuple[RehearsedReader, ...]:
        """The readers who have a day with more than MANY new matters."""
        return tuple(reader for reader in self.readers if reader.many)


def read(first: date, last: date, folder: Path, foreseen: Foreseeing | None = None) -> RehearsedWeeks:
    """Read the outcome from the copied book, after its days, and from what was foreseen of them.

    The day of each first news and of each stall goes into a file of the folder.
    """
    folder.mkdir()
    with transaction() as connection:
        days, roles = figures.reader_days(connection, first, last), figures.roles(connection)
        with (folder / NEWS).open("wb") as news, (folder / STALLS).open("wb") as stalls:
            matters = figures.write_news(connection, first, last, news)
            stalled = figures.write_stalls(connection, first, last, stalls)
        cases = figures.case_numbers(connection, first, last)
    by_reader: dict[str, list[ReaderDay]] = defaultdict(list)
    mails_on = Counter[date]()
    for day in days:
        more = foreseen.matters[day.contact_ref, day.day] if foreseen else 0
        by_reader[day.contact_ref].append(day._replace(matters=day.matters + more))
        mails_on[day.day] += day.mails
    readers = [_reader(ref, tuple(roles.get(ref, ())), theirs) for ref, theirs in by_reader.items()]
    ordered = tuple(sorted(readers, key=lambda reader: (-reader.most, reader.contact_ref)))
    return RehearsedWeeks(ordered, dict(mails_on), matters, stalled, cases)


def _reader(ref: str, roles: tuple[str, ...], days: list[ReaderDay]) -> RehearsedReader:
    fullest = max(days, key=lambda day: (day.matters, -day.day.toordinal()))
    many = sum(day.matters > MANY for day in days)
    return RehearsedReader(ref, roles, sum(day.mails for day in days), len(days), many, fullest.matters, fullest.day)
