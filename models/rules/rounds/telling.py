"""The auditor's messages to operations: a fault when it is new, again while it is still there, and its end."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

REPEAT = timedelta(hours=4)  # within which operations are not written of the same fault again
TICKET_REPEAT = timedelta(days=1)  # the same of one that waits for working hours, while it is there


class Finding(NamedTuple):
    """Something that does not hold. Its key stays the same while its counts change."""

    key: str
    sentence: str  # counts, force codes and ids, without a full stop
    passing: bool = False  # it may pass by itself, and is written once it was found twice in a row
    event: bool = False  # it happened, and is over once all is well

    @property
    def kind(self) -> str:
        """Return what kind of fault it is: the first part of its key."""
        return self.key.partition(":")[0]


class Told(NamedTuple):
    """The last mail to operations about a fault: when, in which sentence, and whether its end was written."""

    at: datetime
    sentence: str
    ended: bool = False
    event: bool = False
    elsewhere: bool = False  # by a mail of its own, as a round's report, and no check has found it yet


class Telling(NamedTuple):
    """The faults to write now, which are new, still there or over, and all that was written after that."""

    new: tuple[Finding, ...]
    still: tuple[Finding, ...]
    ended: tuple[Finding, ...]
    told: Mapping[str, Told]

    @property
    def anything(self) -> bool:
        """Return whether there is something to write."""
        return bool(self.new or self.still or self.ended)


def to_tell(
    findings: Sequence[Finding],
    before: Collection[str],
    told: Mapping[str, Told],
    at: datetime,
    tickets: Collection[str],
) -> Telling:
    """Decide what operations are written. `before` holds the keys of the findings of the last check.

    A fault that ended and comes back within four hours is new once they are over. One of the kinds `tickets` is
    written again a day later, any other after four hours. What another mail was about is not new for four hours, and
    ends only once it was found.
    """
    sure = [finding for finding in findings if not finding.passing or finding.key in before]
    new = tuple(one for one in sure if _is_new(told.get(one.key), at))
    still = tuple(one for one in sure if _is_still(told.get(one.key), at, daily=one.kind in tickets))
    there = {finding.key for finding in findings}
    over = {key: one for key, one in told.items() if not (one.ended or one.elsewhere or key in there)}
    gone = {key: one for key, one in over.items() if not (one.event and findings)}
    known = {key: one._replace(elsewhere=one.elsewhere and key not in there) for key, one in told.items()}
    lasts = {key: one for key, one in known.items() if not (one.ended or one.elsewhere)}
    kept = {key: one for key, one in known.items() if key in lasts or abs(at - one.at) < REPEAT}
    kept |= {finding.key: Told(at, finding.sentence, event=finding.event) for finding in (*new, *still)}
    kept |= {key: one._replace(ended=True) for key, one in gone.items()}
    ended = tuple(Finding(key, one.sentence, event=one.event) for key, one in gone.items())
    return Telling(new, still, ended, kept)


def _is_new(told: Told | None, at: datetime) -> bool:
    return told is None or (told.ended and abs(at - told.at) >= REPEAT)


def _is_still(told: Told | None, at: datetime, *, daily: bool) -> bool:
    wait = TICKET_REPEAT if daily else REPEAT
    return told is not None and not told.ended and abs(at - told.at) >= wait
