"""A case that is convened: while its joint review need not be chased, and why."""

from datetime import date, timedelta
from typing import NamedTuple

from models.rules.arithmetic import format_day

_DAY = timedelta(days=1)
JOINT_REVIEW = "joint-review"  # the rule that this is about


class Convened(NamedTuple):
    """The day of a case's sitting, and the day by which what came of it is to be recorded."""

    day: date
    outcome_due_on: date


class Silence(NamedTuple):
    """Why no step is taken, and the last day for which that holds."""

    until: date
    because: str


def silence(convened: Convened | None, due_on: date, today: date) -> Silence | None:
    """Why no step of a joint review is taken today; None where it climbs.

    Convened on or before its due day it needs no reminder; from the sitting until its outcome is due, that is awaited.
    """
    if convened is None or today > convened.outcome_due_on:
        return None
    if today >= convened.day:
        return Silence(convened.outcome_due_on, "outcome awaited")
    return Silence(convened.day - _DAY, f"convened {format_day(convened.day)}") if convened.day <= due_on else None
