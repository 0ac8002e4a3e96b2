"""The list of all reviews without a place in time, where a message or a letter does not name them all."""

from collections.abc import Iterator

from tasks.messages.capacity.contexts import CapacityContext
from tasks.messages.kind import Attachment
from tasks.platform.text import blank, sheet

COLUMNS = {  # a value of each case, and its heading
    "reference": "reference", "urn": "urn", "risk": "risk", "due_on": "due_on", "deadline_on": "deadline_on",
    "sits_at": "listed_for", "sitting": "meeting",
}  # fmt: skip
MOST_NAMED = 3  # reviews that a letter names; where there are more, the list is attached


def by_itself(context: CapacityContext, marking: str) -> Iterator[Attachment]:
    """Yield the list, where the message leaves cases out."""
    del marking
    if context.cut_short:
        yield _sheet(context)


def in_a_letter(context: CapacityContext, marking: str) -> Iterator[Attachment]:
    """Yield the list, where there are more cases than a letter names."""
    del marking
    if len(context.listed) > MOST_NAMED:
        yield _sheet(context)


def _sheet(context: CapacityContext) -> Attachment:
    rows = (blank(getattr(case, name) for name in COLUMNS) for case in context.listed)
    return Attachment("casebeat-joint-reviews.csv", "csv", sheet(tuple(COLUMNS.values()), rows))
