"""What a SPOC may be told of a pair of force and CPS Area whose joint reviews have no place in time."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from config.terms import Risk
from models.rules.reviews.capacity import ExtraPlaces

COLUMNS = ("reference", "urn", "risk", "due_on", "deadline_on", "sits_at", "sitting")


@dataclass(frozen=True, kw_only=True)
class LateCase:
    """A case that is due. `days` counts from the due day, negative before it; what follows is its sitting's."""

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
    """Reviews that are late for want of places; or that nobody convenes, for want of a panel; or a panel put right."""

    day: date
    reader: str  # the role in which the person is written to, or operations
    asks: str  # whose SPOC to ask of a restricted case: police, cps, operations
    how: Literal["late", "by-hand", "right"]
    pairs: tuple[str, ...]  # as people call them; more than one only where no panel is there
    until_on: date  # as far ahead as is looked
    late: int
    more: tuple[ExtraPlaces, ...]
    restricted: int  # of them, which this reader may not read of
    cases: tuple[LateCase, ...]  # by worth, as far as they are shown
    left_out: int
    listed: tuple[LateCase, ...]  # all, for the attached list

    @property
    def cut_short(self) -> bool:
        """Whether it shows less than it lists, so that the list is attached."""
        return self.left_out > 0
