"""A force's first morning, rehearsed: what it says to whom, and how its overdue reviews fit into the meetings."""

import json
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from typing import NamedTuple

from sqlalchemy import Connection

from config import strict_yaml
from models.queries.obligations import inherited
from models.queries.obligations.inherited import Inheritance, InheritedGroup
from models.queries.rehearsal import first_morning as queries
from models.queries.rehearsal.first_morning import EndingLimits, MorningReader, WorstCase
from models.queries.reviews import sitting_list
from models.rules.obligations import first_day
from models.rules.obligations.rulebook import RULES
from tasks.obligations import coverage
from tasks.platform.configuration import Configuration
from tasks.reviews.horizons import horizons
from tasks.reviews.sitting_list import from_today

WORST = 10  # cases that are named
MANY = 20  # matters in one letter that nobody reads to its end


class PlannedMeeting(NamedTuple):
    """A joint review meeting: its day and places, and by risk the reviews that were overdue on the first day."""

    day: date
    cps_area: str
    places: int
    overdue: Mapping[str, int]
    oldest_on: date | None  # the longest overdue of them
    others: int


class ReviewPlan(NamedTuple):
    """How the overdue reviews are spread over the meetings, and how many are left beyond the last one."""

    meetings: tuple[PlannedMeeting, ...]
    left: int
    weeks: int | None  # that the rest takes at the meetings' places a week; None where no panel meets


class Morning(NamedTuple):
    """One way in which the morning can go."""

    readers: tuple[MorningReader, ...]

    @property
    def letters(self) -> int:
        """All letters and urgent mails."""
        return sum(reader.letters for reader in self.readers)

    @property
    def matters(self) -> int:
        """All new matters of all letters."""
        return sum(reader.matters for reader in self.readers)

    @property
    def flooded(self) -> int:
        """The people with more matters than anybody reads."""
        return sum(reader.matters > MANY for reader in self.readers)

    @property
    def standings(self) -> int:
        """The people who get the standing of the force."""
        return sum(reader.standing for reader in self.readers)

    @property
    def most(self) -> int:
        """The most matters of one person."""
        return max((reader.matters for reader in self.readers), default=0)


class MorningPerson(NamedTuple):
    """A person's new matters on the morning without a first day, and with one."""

    contact_ref: str
    roles: tuple[str, ...]
    without: int
    with_day: int


class FirstMorning(NamedTuple):
    """The morning with a first day and without one, and the state of the book by then."""

    force_code: str
    on: date
    with_day: Morning
    without: Morning
    inherited: tuple[InheritedGroup, ...]
    limits: EndingLimits
    worst: tuple[WorstCase, ...]
    unseen: tuple[str, ...]
    missing: Mapping[str, int]
    plan: ReviewPlan

    @property
    def people(self) -> tuple[MorningPerson, ...]:
        """Everyone who is written to on either morning, the fullest without a first day first."""
        before, after = (
            {reader.contact_ref: reader for reader in side.readers} for side in (self.without, self.with_day)
        )
        found = (
            MorningPerson(
                ref,
                (before.get(ref) or after[ref]).roles,
                before[ref].matters if ref in before else 0,
                after[ref].matters if ref in after else 0,
            )
            for ref in {*before, *after}
        )
        return tuple(sorted(found, key=lambda one: (-one.without, -one.with_day, one.contact_ref)))

    @property
    def by_rule(self) -> tuple[tuple[str, int], ...]:
        """The inherited matters by the title of their rule, the most first."""
        counts = Counter[str]()
        for group in self.inherited:
            counts[RULES[group.rule].title] += group.number
        return tuple(counts.most_common())

    @property
    def by_age(self) -> tuple[tuple[int, int], ...]:
        """The inherited matters by how many weeks they are late at least."""
        counts = Counter[int]()
        for group in self.inherited:
            counts[group.weeks] += group.number
        return tuple(sorted(counts.items()))


@contextmanager
def policy_starting(configuration: Configuration, force_code: str, on: date | None) -> Iterator[Path]:
    """Write today's policy with another first day of a force (None: with none), for the block."""
    path = configuration.settings.policy
    values = strict_yaml.parse(path)
    days = {code: day.isoformat() for code, day in configuration.policy.starts.items() if code != force_code}
    values["starts"] = days | ({force_code: on.isoformat()} if on else {})
    with tempfile.TemporaryDirectory() as folder:
        made = Path(folder) / path.name
        made.write_text(json.dumps(values, default=str), encoding="utf-8")
        yield made


def read_morning(connection: Connection, force_code: str, day: date) -> Morning:
    """Read who is written to from the copied book, after its morning."""
    return Morning(tuple(queries.readers(connection, force_code, day)))


def read_missing(connection: Connection, force_code: str, day: date) -> dict[str, int]:
    """Read who is missing, after a morning on which everything is notified at once."""
    return queries.missing(connection, force_code, day)


def read_book(configuration: Configuration,
    connection: Connection, force_code: str, on: date, day: date, *, mornings: tuple[Morning, Morning],
    missing: Mapping[str, int],
) -> FirstMorning:  # fmt: skip
    """Read the state of the copied book after the morning with a first day, and put all together."""
    policy = configuration.policy
    asked = Inheritance(force_code, on, tuple(first_day.inherited_rules(policy, force_code)))
    before = configuration.calendar.plus(on, policy.inherited.limits)
    with_day, without = mornings
    return FirstMorning(
        force_code, on, with_day, without, tuple(inherited.groups(connection, asked)),
        queries.limits(connection, force_code, on, before),
        tuple(queries.worst_cases(connection, force_code, on, WORST)),
        coverage.unseen_by_force(configuration, connection).get(force_code, ()), missing,
        _plan(configuration, connection, force_code, on, day),
    )  # fmt: skip


def _plan(configuration: Configuration, connection: Connection, force_code: str, on: date, day: date) -> ReviewPlan:
    """Read where the convening has put the overdue reviews, high risk and the longest overdue first."""
    until = max([day, *(last for (code, _), last in horizons(configuration, day).items() if code == force_code)])
    lines = sitting_list.lines(connection, force_code, until)
    by_meeting = defaultdict(list)
    for line in lines:
        by_meeting[line.sitting_ref].append(line)
    meetings = []
    for sitting in from_today(connection, force_code, day):
        theirs = by_meeting.get(sitting.ref, [])
        overdue = [line for line in theirs if line.due_on < on]
        risks = Counter(line.review.risk.treated_as.value for line in overdue)
        oldest = min((line.due_on for line in overdue), default=None)
        meetings.append(
            PlannedMeeting(sitting.day, sitting.cps_area, sitting.places, risks, oldest, len(theirs) - len(overdue))
        )
    left = sum(line.due_on < on for line in by_meeting.get(None, []))
    return ReviewPlan(tuple(meetings), left, _weeks(meetings, left, day))


def _weeks(meetings: list[PlannedMeeting], left: int, day: date) -> int | None:
    """Return in how many more weeks the rest could be reviewed, at the pace of the planned meetings."""
    places = sum(meeting.places for meeting in meetings)
    if not places:
        return None
    span = (meetings[-1].day - day + timedelta(days=1)).days
    return -(-left * span // (7 * places))
