"""The account of a round: kept, and said to operations every day, also when nothing was due."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, NamedTuple, Protocol

from tasks import words
from tasks.digests import tell_operations
from tasks.projection import Account


class ForceTold(Protocol):
    """What the word to operations tells of one force."""

    force_code: str
    account: Account | None
    chased: int
    escalated: int
    said: int
    failure: str | None


def account_of(account: Account | None) -> dict[str, Any]:
    """The account as it is kept with the round."""
    return account._asdict() if account else {}


class Line(NamedTuple):
    """One force's line."""

    force_code: str
    account: Account | None
    chased: int
    escalated: int
    said: int
    failure: str | None


class Told(NamedTuple):
    """What one day's word tells, frozen."""

    lines: tuple[Line, ...]

    @classmethod
    def of(cls, forces: Sequence[ForceTold]) -> "Told":
        """The lines of these forces."""
        return cls(tuple(Line(f.force_code, f.account, f.chased, f.escalated, f.said, f.failure) for f in forces))


def tell(told: Told, today: date, at: datetime) -> None:
    """Write the day's word to operations, once a day: every open case accounted for, force by force."""
    tell_operations(f"daily:{today}", sentence(told, today), today, at)


def sentence(told: Told, today: date) -> str:
    """The word itself."""
    accounts = [line.account for line in told.lines if line.account]
    return words.note(
        "daily",
        {
            "day": today,
            "forces": told.lines,
            "evaluated": sum(one.evaluated + one.unchanged for one in accounts),
            "open_cases": sum(one.open_cases for one in accounts),
            "failed": sum(one.failed for one in accounts),
            "steps": sum(line.chased + line.escalated for line in told.lines),
            "failed_forces": [line.force_code for line in told.lines if line.failure],
        },
    )
