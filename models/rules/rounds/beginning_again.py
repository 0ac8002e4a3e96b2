"""The decision to begin a day's round again, and for whom, from what is known of the day's rounds."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

MOST = 3  # times a day
UNDER_WAY = timedelta(minutes=3)  # a round that was begun again is seen to run by then
# How long what failed is left alone after it was begun again once, and twice: its fault may take time to mend.
PATIENCE = (timedelta(0), timedelta(minutes=20), timedelta(hours=1))


class RoundSeen(NamedTuple):
    """The latest round of a day, of one force or of the whole book."""

    force_code: str
    ended: bool  # well
    failed: bool
    running: bool

    @property
    def died(self) -> bool:
        """Return whether it began and has no end, and nobody works on it."""
        return not (self.ended or self.failed or self.running)


class DayOfRounds(NamedTuple):
    """All that is known of a day's rounds, and the moments at which they were begun again that day."""

    whole: RoundSeen | None  # the round as a whole; None: it has not begun
    forces: Sequence[RoundSeen]
    expected: Collection[str]
    loaded: Collection[str]  # the forces that a source has sent; of any other there is nothing to look at
    begun_again: Sequence[datetime] = ()

    @property
    def missing(self) -> list[str]:
        """Return the expected forces that were loaded and whose round has not ended well."""
        return sorted({*self.expected}.intersection(self.loaded) - self.ended)

    @property
    def ended(self) -> set[str]:
        """Return the expected forces whose latest round of the day ended well."""
        return {force.force_code for force in self.forces if force.ended and force.force_code in self.expected}

    @property
    def running(self) -> bool:
        """Return whether a round of the day is running."""
        return any(seen_round.running for seen_round in (self.whole, *self.forces) if seen_round)

    @property
    def died(self) -> bool:
        """Return whether a round of the day died."""
        return any(seen_round.died for seen_round in (self.whole, *self.forces) if seen_round)


class BeginAgain(NamedTuple):
    """A round to be begun again: of one force, or (None) of every force."""

    force_code: str | None
    late: bool = False  # for what was loaded after the day's round, which ended well


def begin_again(day: DayOfRounds, at: datetime, by: datetime) -> BeginAgain | None:
    """Return the round to begin again at a moment; None where there is none, or it has to wait.

    One that died is begun again at once. From `by` on, so is one that has not begun, that of a force that failed, and
    the whole of which a unit failed, as its letters. Never while one is running, and at most three times a day. A late
    feed is no reason, nor is a force that no source has sent, nor a book without a force.
    """
    if day.running or not day.expected or len(day.begun_again) >= MOST:
        return None
    if day.begun_again and at < day.begun_again[-1] + UNDER_WAY:
        return None
    if not day.died and (at < by or _wait(day, at)):
        return None
    if day.whole is None or not day.whole.ended or len(day.missing) > 1:
        return BeginAgain(None)
    return BeginAgain(day.missing[0]) if day.missing else None


def _wait(day: DayOfRounds, at: datetime) -> bool:
    """Return whether all that has no good end has failed, and is left alone for now."""
    failed = {force.force_code for force in day.forces if force.failed}
    if day.whole is None or not day.begun_again or not failed.issuperset(day.missing):
        return False
    return at < day.begun_again[-1] + PATIENCE[len(day.begun_again)]
