"""The day on which Casebeat starts to write to a force's people, and how gently what was overdue then begins."""

from enum import StrEnum
from typing import Self

from pydantic import model_validator

from config.days.civil_days import Day
from config.days.duration import Duration, DurationText, Unit
from config.forces import ForceCode
from config.numbers import ByRisk
from config.strict_yaml import Strict


class Grace(StrEnum):
    """Whether what a rule owed before a force's first day waits with its owner before it climbs."""

    BY_RISK = "by risk"
    NOT_FOR_HIGH = "not for high risk"  # nor for unknown risk
    NONE = "none"


_GRACE = ByRisk(
    high=Duration(5, Unit.WORKING_DAYS),
    medium=Duration(10, Unit.WORKING_DAYS),
    standard=Duration(15, Unit.WORKING_DAYS),
)
# By force code. A force that is not in it has started.
Starts = dict[ForceCode, Day]


class InheritedPolicy(Strict):
    """The spans around a force's first day.

    `grace` is how long an inherited matter stays with its owner from that day. SPOCs and leads hear before that day of
    the time limits and orders that end within `limits` of it.
    """

    grace: ByRisk = _GRACE
    limits: DurationText = Duration(28, Unit.DAYS)

    @model_validator(mode="after")
    def _ahead(self) -> Self:
        spans = [self.limits, *(getattr(self.grace, risk) for risk in ("high", "medium", "standard"))]
        if early := [span for span in spans if span.number < 0]:
            raise ValueError(f"{early[0]} is before the first day. Write it without a minus.")
        return self
