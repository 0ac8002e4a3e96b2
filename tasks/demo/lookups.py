"""Lookups after each round of the demo, for the people's answers and for the summary."""

from dataclasses import dataclass
from datetime import date

from models.queries import demo
from models.queries.demo import (
    CaseAtSitting,
    CaseToMove,
    LongStalledCase,
    NotifiedStep,
    RepliedObligation,
    ReplyEffect,
    ReviewTotals,
)
from tasks.demo.rows import FORCE
from tasks.servers.database import transaction


@dataclass(frozen=True)
class Evening:
    """The state of the first force's cases at the end of a day."""

    day: date
    open_cases: int
    stalled: tuple[LongStalledCase, ...]

    @property
    def refs(self) -> frozenset[str]:
        """References of the stalled cases."""
        return frozenset(case.case_ref for case in self.stalled)


def notified_on(day: date) -> list[NotifiedStep]:
    """List the notifications sent on a day."""
    with transaction() as connection:
        return demo.notified_on(connection, day)


def replied_on(day: date) -> list[RepliedObligation]:
    """List the results of the replies of a day."""
    with transaction() as connection:
        return demo.replied_on(connection, day)


def reply_effects() -> dict[str, ReplyEffect]:
    """Return what became of each reply, by its Message-ID."""
    with transaction() as connection:
        return {effect.message_id: effect for effect in demo.reply_effects(connection)}


def before_sittings(day: date) -> list[CaseAtSitting]:
    """List the cases before the sittings of a day."""
    with transaction() as connection:
        return demo.cases_at_sittings(connection, day, FORCE)


def to_move(day: date) -> list[CaseToMove]:
    """List at most one case that its supervisor moves to an earlier sitting with a free place."""
    with transaction() as connection:
        return demo.movable_cases(connection, day, FORCE)[:1]


def reviews(day: date) -> ReviewTotals:
    """Count the outcomes of the first force's sittings up to a day."""
    with transaction() as connection:
        return demo.reviews(connection, day, FORCE)


def evening(day: date) -> Evening:
    """Read the state of the first force's cases at the end of a day."""
    with transaction() as connection:
        return Evening(day, demo.open_cases(connection, FORCE), tuple(demo.stalled_on(connection, day, FORCE)))
