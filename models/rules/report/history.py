"""The days of a case over time: those that were replaced by others, and the statuses of its suspect in their order."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from config.terms import SuspectStatus
from models.rules.facts import CaseFacts
from models.rules.report.earlier import DayKind, Earlier
from models.rules.result import CASE


class DayValue(NamedTuple):
    """A day of a row, until another took its place after `until_on`; None: it is there now."""

    day: date
    until_on: date | None


class SuspectPeriod(NamedTuple):
    """A status of the suspect, the day since which it is so, and the day of the next; None: it is the present one."""

    state: SuspectStatus
    on: date
    until_on: date | None


def in_status(case: CaseFacts, status: SuspectPeriod) -> CaseFacts:
    """Return the case with a status that its suspect had."""
    row = case.case._replace(suspect_status=status.state, status_on=status.on, status_changed_on=status.on)
    return case._replace(case=row)


class History:
    """The days of one case, or of one of its suspects or defendants, given the case as if that were its only one."""

    def __init__(self, facts: CaseFacts, earlier: Sequence[Earlier], subject: str = CASE) -> None:
        ref = None if subject == CASE else subject.partition(":")[2]
        self._row, self._every = facts.case, earlier
        self._earlier = [one for one in earlier if one.ref == ref]

    def of(self, subject: str, alone: CaseFacts) -> "History":
        """Return the days of one of its suspects or defendants."""
        return History(alone, self._every, subject)

    def news(self) -> list[date]:
        """Return every day on which a status of any suspect was news, of those that others replaced."""
        return sorted({one.day for one in self._every if one.kind is DayKind.NEWS})

    def days(self, kind: DayKind) -> list[date]:
        """Return every day that there ever was, in order."""
        return sorted({value.day for value in self.values(kind)})

    def first(self, kind: DayKind, since: date) -> date | None:
        """Return the first day that there ever was and that is not before another."""
        return next((day for day in self.days(kind) if day >= since), None)

    def values(self, kind: DayKind) -> list[DayValue]:
        """Return the days in the order in which they came."""
        now: date | None = getattr(self._row, kind, None)
        told = [DayValue(earlier.day, earlier.until_on) for earlier in self._earlier if earlier.kind is kind]
        return [*told, *([DayValue(now, None)] if now else [])]

    def statuses(self) -> list[SuspectPeriod]:
        """Return the statuses in their order."""
        row = self._row
        told = [(one.state, one.day) for one in self._earlier if one.kind is DayKind.STATUS and one.state]
        if row.suspect_status is not None and row.status_on is not None:
            told.append((row.suspect_status, row.status_on))
        begun = sorted(dict.fromkeys(told), key=lambda one: one[1])
        after = [*(on for _, on in begun), None][1:]
        return [SuspectPeriod(state, on, until_on) for (state, on), until_on in zip(begun, after, strict=True)]
