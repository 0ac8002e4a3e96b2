"""The pause of a convened case: while its joint review needs no chasing, and why."""

from datetime import date, timedelta
from typing import NamedTuple

from models.rules.arithmetic import format_day

_DAY = timedelta(days=1)


class ConvenedDays(NamedTuple):
    """The day of a case's sitting, and the day by which its outcome must be recorded."""

    day: date
    outcome_due_on: date


class Silence(NamedTuple):
    """The reason why no step is taken, and the last day for which it applies."""

    until: date
    because: str


def silence(convened: ConvenedDays | None, due_on: date, today: date) -> Silence | None:
    """Return why no step of a joint review is taken today; None if its ladder is climbed.

    A case convened on or before its due day needs no reminder. From the sitting until the outcome is due, the outcome
    is awaited.
    """
    if convened is None or today > convened.outcome_due_on:
        return None
    if today >= convened.day:
        return Silence(convened.outcome_due_on, "outcome awaited")
    return Silence(convened.day - _DAY, f"convened {format_day(convened.day)}") if convened.day <= due_on else None
