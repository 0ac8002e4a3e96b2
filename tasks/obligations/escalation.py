"""Escalation: steps to SPOCs and leads about what has stalled or is about to be lost."""

from collections.abc import Collection
from datetime import date

from config.terms import Duty
from tasks.obligations.climbing import ClimbCounts, climb_force
from tasks.platform.configuration import Configuration


def escalate(
    configuration: Configuration, force_code: str | None, today: date, only: Collection[int] | None = None
) -> ClimbCounts:
    """Take the escalating steps that a force's obligations, or only these, have reached (None: those of no case)."""
    return climb_force(configuration, force_code, today, Duty.ESCALATE, only)
