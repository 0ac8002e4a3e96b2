"""Chasing: steps to owners and supervisors about what they owe."""

from collections.abc import Collection
from datetime import date

from config.terms import Duty
from tasks.obligations.climbing import ClimbCounts, climb_force
from tasks.platform.configuration import Configuration


def chase(
    configuration: Configuration, force_code: str | None, today: date, only: Collection[int] | None = None
) -> ClimbCounts:
    """Take the chasing steps that a force's obligations, or only these, have reached (None: obligations of no case)."""
    return climb_force(configuration, force_code, today, Duty.CHASE, only)
