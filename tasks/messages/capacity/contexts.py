"""The context of messages about reviews without a place in time, and the list of all that goes with them."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from config.terms import Risk
from models.rules.reviews.capacity import ExtraPlaces
from tasks.messages.contexts import ReaderContext
from tasks.messages.kind import Attachment
from tasks.platform.text import blank, sheet

COLUMNS = {  # a value of each case, and its heading
    "reference": "Reference", "urn": "URN", "risk": "Risk", "due_on": "Due", "deadline_on": "In time until",
    "sits_at": "Listed for", "sitting": "Meeting",
}  # fmt: skip
MOST_NAMED = 3  # reviews that a letter names; where there are more, the list is attached


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
class CapacityContext(ReaderContext):
    """Reviews that are late for lack of places, or not convened for lack of a panel, or a panel with places again."""

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


def attached_by_itself(context: CapacityContext, marking: str) -> Iterator[Attachment]:
    """Yield the list, where the message leaves cases out."""
    del marking
    if context.cut_short:
        yield _sheet(context)


def attached_in_a_letter(context: CapacityContext, marking: str) -> Iterator[Attachment]:
    """Yield the list, where there are more cases than a letter names."""
    del marking
    if len(context.listed) > MOST_NAMED:
        yield _sheet(context)


def _sheet(context: CapacityContext) -> Attachment:
    rows = (blank(getattr(case, name) for name in COLUMNS) for case in context.listed)
    return Attachment("casebeat-joint-reviews.csv", "csv", sheet(tuple(COLUMNS.values()), rows))
