"""The result of a round, gathered step by step."""

from dataclasses import dataclass, field
from datetime import date
from typing import Self

from tasks.intake.drop import DropCounts
from tasks.obligations.projection import ProjectionAccount
from tasks.outbox.sending import DeliveryCounts
from tasks.reviews.convening import ConveningCounts
from tasks.rounds import verdict
from tasks.rounds.expected import FeedTrouble
from tasks.rounds.verdict import ForceLine, RoundContent, RoundState, RoundVerdict


@dataclass
class ForceRound:
    """One force's result: its account and steps, or the opaque reason why it failed."""

    force_code: str
    round_id: int | None = None
    account: ProjectionAccount | None = None
    chased: int = 0
    escalated: int = 0
    notifications: int = 0
    convened: ConveningCounts | None = None
    failure: str | None = None
    passed_over: str = ""  # obligations that could not be climbed; all others were

    @classmethod
    def of_line(cls, line: ForceLine) -> Self:
        """Return the result of a round that ran in another process."""
        return cls(
            line.force_code,
            account=line.account,
            chased=line.chased,
            escalated=line.escalated,
            notifications=line.said,
            failure=line.failure,
            passed_over=line.passed_over,
        )

    @property
    def degraded(self) -> bool:
        """Return whether a person should look at it."""
        done = self.account is not None and not self.account.failed and self.account.balances
        return bool(self.failure or self.passed_over) or not done

    @property
    def line(self) -> ForceLine:
        """Return the frozen result."""
        return ForceLine(
            self.force_code,
            self.account,
            self.chased,
            self.escalated,
            self.notifications,
            self.failure,
            self.passed_over,
        )


@dataclass
class RoundResult:
    """A whole round: every force's, the book-wide units', and what was delivered."""

    day: date
    only: str | None = None  # the one force of a partial round
    forces: list[ForceRound] = field(default_factory=list)
    failures: dict[str, str] = field(default_factory=dict)  # of the units that belong to no force
    passed_over: dict[str, str] = field(default_factory=dict)  # by such a unit, which did all else
    expected: tuple[str, ...] = ()  # force codes
    feeds: tuple[FeedTrouble, ...] = ()
    intake: DropCounts | None = None
    delivered: DeliveryCounts | None = None
    agendas: tuple[str, ...] = ()  # the sittings whose agenda was written
    asked: str = ""  # what operations are asked about the clock

    @property
    def content(self) -> RoundContent:
        """Return the frozen content of its reports."""
        return RoundContent(
            lines=tuple(force.line for force in self.forces),
            failures=tuple(sorted(self.failures.items())),
            passed_over=tuple(sorted(self.passed_over.items())),
            expected=self.expected,
            feeds=self.feeds,
            only=self.only,
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
