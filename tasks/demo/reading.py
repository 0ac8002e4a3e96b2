"""What the demo looks up after each round, to let people answer and to tell the story at the end."""

from dataclasses import dataclass
from datetime import date
from statistics import mean

from models.queries import demo
from models.queries.demo import LongStalledCase, ReviewTotals
from tasks.demo.answers import DemoNotification
from tasks.demo.outcomes import DemoConvening, DemoMove
from tasks.platform.database import transaction

SAID_OF = {
    "officer": "officers",
    "supervisor": "supervisors",
    "prosecutor": "prosecutors",
    "legal_manager": "legal managers",
    "spoc": "SPOCs",
    "lead": "leads",
}


@dataclass(frozen=True)
class Evening:
    """How the book stood when a day's round was over."""

    day: date
    open_cases: int
    stalled: tuple[LongStalledCase, ...]

    @property
    def refs(self) -> frozenset[str]:
        """The stalled cases."""
        return frozenset(case.case_ref for case in self.stalled)


@dataclass(frozen=True)
class MailCounts:
    """What people with one role were sent over the whole demo: mails and lines, per person and day."""

    people: str
    each_day: float
    most_in_a_day: int
    lines: float
    most_lines: int


def told_on(day: date) -> list[DemoNotification]:
    """What was said on a day, as people heard it."""
    with transaction() as connection:
        return [DemoNotification(*row) for row in demo.said_on(connection, day)]


def before_sittings(day: date) -> list[DemoConvening]:
    """The cases that are before the sittings of a day."""
    with transaction() as connection:
        return [DemoConvening(*row) for row in demo.before_sittings(connection, day)]


def to_move(day: date) -> list[DemoMove]:
    """A case that its supervisor would rather have at an earlier sitting, if there is one with room."""
    with transaction() as connection:
        return [DemoMove(*row) for row in demo.with_room_before(connection, day)[:1]]


def reviews(day: date) -> ReviewTotals:
    """What became of the sittings up to a day."""
    with transaction() as connection:
        return demo.reviews(connection, day)


def evening(day: date) -> Evening:
    """How the book stands at the end of a day's round."""
    with transaction() as connection:
        return Evening(day, demo.open_cases(connection), tuple(demo.stalled_on(connection, day)))


def mailed(people: dict[str, int], working_days: int) -> list[MailCounts]:
    """For each role: mails per person and working day, the most one person had in a day, and lines per mail.

    `people` says how many have each role.
    """
    with transaction() as connection:
        rows = demo.messages_per_role(connection)
    found = []
    for role, said in SAID_OF.items():
        mine = [(mails, lines) for roles, _, mails, lines in rows if role in roles]
        if mine and people.get(role):
            mails, lines = zip(*mine, strict=True)
            each_day = sum(mails) / people[role] / working_days
            found.append(MailCounts(said, each_day, max(mails), mean(lines), max(lines)))
    return found
