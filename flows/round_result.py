"""The result of a round, gathered step by step."""

from dataclasses import dataclass, field
from datetime import date

from models.queries.intake.rejected_rows import RejectedOfStalking
from tasks.intake.drop import DropCounts
from tasks.outbox.sending import DeliveryCounts
from tasks.rounds import verdict
from tasks.rounds.expected import FeedTrouble
from tasks.rounds.verdict import ForceLine, RoundContent, RoundState, RoundVerdict


@dataclass
class RoundResult:
    """A whole round: every force's, the book-wide units', and what was delivered."""

    day: date
    only: str | None = None  # the one force of a partial round
    dropped: bool = False  # whether extracts come into a drop folder
    forces: list[ForceLine] = field(default_factory=list)
    failures: dict[str, str] = field(default_factory=dict)  # of the units that belong to no force
    passed_over: dict[str, str] = field(default_factory=dict)  # by such a unit, which did all else
    expected: tuple[str, ...] = ()  # force codes
    feeds: tuple[FeedTrouble, ...] = ()
    rejected: tuple[RejectedOfStalking, ...] = ()
    intake: DropCounts | None = None
    delivered: DeliveryCounts | None = None
    agendas: tuple[str, ...] = ()  # the sittings whose agenda was written
    asked: str = ""  # what operations are asked about the clock

    @property
    def content(self) -> RoundContent:
        """Return the frozen content of its reports."""
        return RoundContent(
            lines=tuple(self.forces),
            failures=tuple(sorted(self.failures.items())),
            passed_over=tuple(sorted(self.passed_over.items())),
            expected=self.expected,
            feeds=self.feeds,
            rejected=self.rejected,
            only=self.only,
            dropped=self.dropped,
            asked=self.asked,
            intake=self.intake,
            delivered=self.delivered,
        )

    @property
    def verdict(self) -> RoundVerdict:
        """Return what was not done, what is missing and what wants a look."""
        return verdict.verdict(self.content)

    @property
    def state(self) -> RoundState:
        """Return how it ends."""
        return self.verdict.state
