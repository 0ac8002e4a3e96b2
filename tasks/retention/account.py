"""The account of a purge, in counts: the same before and after."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import NamedTuple

from config.days.duration import Duration
from config.retention import Back, Held
from tasks.platform.configuration import Configuration

ErasedSoFar = Callable[[str, int, int], None]  # the progress: class, done so far, in total


class Horizon(NamedTuple):
    """The last day of each class whose time is over."""

    facts: date
    bodies: date
    audit: date
    mailbox: date
    rejected: date
    staff: date
    extracts: date


class HeldCount(NamedTuple):
    """How much of one class was found, or erased."""

    held: Held
    until: date
    found: int | None  # cases, messages, audit rows, mails, folders, pages; None where there is nothing to ask
    forces: Mapping[str, int] = {}
    back: Mapping[Back, int] = {}  # cases that are held back, by reason
    trouble: str = ""  # why the class could not be looked at


class BackupsLeft(NamedTuple):
    """The backups in the data directory, which hold what was there when they were made."""

    folder: str
    files: int
    oldest_on: date | None


class PurgeAccount(NamedTuple):
    """The classes in order; `erased` tells whether they are gone, or are only found."""

    erased: bool
    today: date
    classes: tuple[HeldCount, ...]
    backups: BackupsLeft

    @property
    def troubled(self) -> bool:
        """Return whether a class could not be looked at."""
        return any(count.trouble for count in self.classes)


def horizon(configuration: Configuration, today: date) -> Horizon:
    """Return the days up to which the policy keeps nothing more."""
    kept = configuration.policy.retention

    def back(span: Duration) -> date:
        return configuration.calendar.plus(today, Duration(-span.number, span.unit))

    return Horizon(
        *map(
            back,
            (
                kept.after_finalised,
                kept.messages,
                kept.audit,
                kept.replies,
                kept.rejected,
                kept.after_finalised,
                kept.extracts,
            ),
        )
    )
