"""The end of a version of an obligation: its fact, and that fact's day."""

from dataclasses import dataclass
from datetime import date

from config.terms import EndReason

CARRIED_ON = frozenset({EndReason.MOVED, EndReason.RENEWED})  # the next version is of the same duty: nobody is told


@dataclass(frozen=True, kw_only=True)
class Ending:
    """How an obligation ended: the fact, in a sentence, with its day, or the day of the extract that told of it.

    `fact` is empty where `reason` says it. `lost` marks an end that is no success.
    """

    reason: EndReason
    ended_on: date
    fact: str = ""
    fact_on: date | None = None
    extract_on: date | None = None
    lost: bool = False

    @property
    def on(self) -> date:
        """The nearest day that is known: of the fact, of the extract, or of the round that saw it."""
        return self.fact_on or self.extract_on or self.ended_on
