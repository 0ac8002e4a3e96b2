"""Chasing: owners and supervisors are approached about what they owe."""

from datetime import date

from config.terms import Duty
from tasks.obligations.climbing import ClimbCounts, climb_force


def chase(force_code: str | None, today: date) -> ClimbCounts:
    """Take the chasing steps that a force's obligations have reached (None: those of the book as a whole)."""
    return climb_force(force_code, today, Duty.CHASE)
