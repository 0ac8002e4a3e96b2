"""The context of messages about a pair of force and CPS Area whose joint reviews have no place in time."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from config.terms import Risk
from models.rules.reviews.capacity import ExtraPlaces


@dataclass(frozen=True, kw_only=True)
class LateCase:
    """A due case and its sitting, if any. `days` counts from the due day: negative before it."""

    reference: str
    urn: str | None
    risk: Risk
    due_on: date
    days: int
    deadline_on: date | None
    sits_at: datetime | None
    sitting: str | None


@dataclass(frozen=True, kw_only=True)
class CapacityContext:
    """Reviews that are late for lack of places, or not convened for lack of a panel, or a panel with places again."""

    day: date
    reader: str  # the reader's role, or operations
    asks: str  # whose SPOC to ask about a restricted case: police, cps, operations
    how: Literal["late", "by-hand", "right"]
    pairs: tuple[str, ...]  # display names; more than one only for pairs without a panel
    until_on: date  # the last due day considered
    late: int
    more: tuple[ExtraPlaces, ...]
    restricted: int  # late cases that this reader may not see
    cases: tuple[LateCase, ...]  # the cases shown, by worth
    left_out: int
    listed: tuple[LateCase, ...]  # all, for the attached list

    @property
    def cut_short(self) -> bool:
        """Return whether cases are left out, so that the full list is attached."""
        return self.left_out > 0
