"""Escalation: steps to SPOCs and leads about what has stalled or is about to be lost."""

from datetime import date

from config.terms import Duty
from tasks.obligations.climbing import ClimbCounts, climb_force


def escalate(force_code: str | None, today: date) -> ClimbCounts:
    """Take the escalating steps that a force's obligations have reached (None: obligations of no case)."""
    return climb_force(force_code, today, Duty.ESCALATE)
