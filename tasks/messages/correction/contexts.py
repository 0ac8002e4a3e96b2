"""The context of a correction."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, kw_only=True)
class CorrectionContext:
    """How many messages of a day that had not come one person was sent on this channel."""

    day: date
    reader: str  # the reader's role
    messages: int
    first_on: date  # the first and the last day that these messages give
    last_on: date
