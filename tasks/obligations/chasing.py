"""Chasing: steps to owners and supervisors about what they owe."""

from datetime import date

from config.terms import Duty
from tasks.obligations.climbing import ClimbCounts, climb_force


def chase(force_code: str | None, today: date) -> ClimbCounts:
    """Take the chasing steps that a force's obligations have reached (None: obligations of no case)."""
    return climb_force(force_code, today, Duty.CHASE)
