"""Contexts of answers to replies."""

from dataclasses import dataclass
from datetime import date

from config.replies import Answered
from tasks.messages.contexts import FollowingStep, ItemGroup, ObligationItem, SituationCounts, TriedStep
from tasks.obligations.leading_spocs import ExplainedLead


@dataclass(frozen=True, kw_only=True)
class ShownObligation:
    """The explanation of a live obligation for a reader: references only, without the reason of a promise."""

    leads: tuple[ExplainedLead, ...]
    sum: str
    warning: str  # what the sum could not take into account; empty if there is nothing
    said: tuple[TriedStep, ...]
    coming: tuple[FollowingStep, ...]


@dataclass(frozen=True, kw_only=True)
class AnswerContext:
    """An answer to a reply. For a status request it lists all live obligations that the writer was notified of."""

    day: date
    reader: str  # the reader's role
    asks: str  # whose SPOC to ask about a restricted case: police, cps
    answered: Answered
    on: date | None  # promised until, or done on
    because: str  # if refused, a sentence; if unclear, a key of names.unclear
    restricted: int  # 1 if this reader may not see the case
    item: ObligationItem | None  # the obligation that the reply is about
    shown: ShownObligation | None  # of one that is to be shown: how its day was reached, and what comes next
    counts: SituationCounts
    groups: tuple[ItemGroup, ...]
    more: int
    listed: tuple[ObligationItem, ...]  # everything, for the attached list
    reply: str = ""  # the link that asks for the status; empty if replies are not read

    @property
    def cut_short(self) -> bool:
        """Whether items are left out, so that the full list is attached."""
        return bool(self.more)
