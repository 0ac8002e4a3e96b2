"""The policy numbers of each rule: spans, ladder, and when it reminds and escalates."""

from typing import Annotated, Any, Generic, Literal, Self, TypeVar

from pydantic import Field, ValidationInfo, field_validator, model_validator

from config.days.civil_days import DayIfGiven
from config.days.duration import Duration, DurationText, duration
from config.strict_yaml import Strict
from config.terms import Risk

NOTE_SETTLES = duration("56d")  # a note settles an act whose limit ends within it; as long as the limit's first notice
SIX_MONTHS = "6m"  # Source: Magistrates' Courts Act 1980 s.127
THREE_DAYS = "2d"  # Source: Stalking Protection Act 2019 s.9(1): three days that begin with the day of service
Whole = Annotated[int, Field(strict=True)]  # no yes or no, no text, no fraction
YesNo = Annotated[bool, Field(strict=True)]
Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_-]{0,39}$")]  # of a ladder or a step


Value = TypeVar("Value")


class PerRisk(Strict, Generic[Value]):
    """One value for each risk. A single value in the file applies to all three."""

    high: Value
    medium: Value
    standard: Value

    @model_validator(mode="before")
    @classmethod
    def _one_for_all(cls, value: Any) -> Any:
        return dict.fromkeys(("high", "medium", "standard"), value) if isinstance(value, str) else value

    def of(self, risk: Risk) -> Value:
        """Return the value for a risk; unknown counts as high."""
        table: dict[str, Value] = self.__dict__
        return table[risk.treated_as]


class ByRisk(PerRisk[DurationText]):
    """A duration for each risk."""


class Numbers(Strict):
    """The numbers every rule has: whether it is on, its ladder, and when it reminds and escalates."""

    enabled: YesNo = True
    ladder: Name
    stalls: YesNo = False
    hard: YesNo = False
    since: DayIfGiven = None  # what began before it owes nothing under the rule
    remind: DurationText
    escalate: ByRisk

    @field_validator("remind", "remind_interim", check_fields=False)
    @classmethod
    def _remind_before_due(cls, value: Duration, info: ValidationInfo) -> Duration:
        if value.number > 0:
            raise ValueError(f"{info.field_name} {value} is after the due day. Write 0d or a minus.")
        return value

    @model_validator(mode="after")
    def _escalate_after_due(self) -> Self:
        for risk in ("high", "medium", "standard"):
            if getattr(self.escalate, risk).number < 0:
                raise ValueError(f"escalate for {risk} is before the due day. Write it without a minus.")
        return self


class Within(Numbers):
    """A rule with one span."""

    within: DurationText


class AgainNumbers(Within):
    """`spo-considered`: the span of the first time, and the span after a new incident."""

    after_incident: DurationText


class TrainingNumbers(Within):
    """`prosecutor-training`: its span, and whom it asks: all prosecutors, or the holders of an open stalking case."""

    who: Literal["all", "holders"]


class NotificationNumbers(Within):
    """`spo-notification`: the statutory span, which is no force's to change."""

    @model_validator(mode="after")
    def _of_the_act(self) -> Self:
        if str(self.within) != THREE_DAYS:
            raise ValueError(f"within {self.within} is not the law (Stalking Protection Act 2019 s.9(1)). Write 2d.")
        return self


class ClosingNumbers(Within):
    """`nfa-review`: its span, and how long before the end of the case what it asks for still counts (a minus)."""

    not_before: DurationText

    @model_validator(mode="after")
    def _before_the_end(self) -> Self:
        if self.not_before.number > 0:
            raise ValueError(f"not_before {self.not_before} is after the end of the case. Write 0d or a minus.")
        return self


class WithinByRisk(Numbers):
    """A rule with one span for each risk."""

    within: ByRisk


class EveryByRisk(Numbers):
    """A recurring rule with one interval for each risk."""

    every: ByRisk


class JointReviewNumbers(EveryByRisk):
    """`joint-review`: its interval, and the span after a new incident."""

    after_incident: DurationText


class ActionNumbers(Within):
    """`action` and `action-plan`: the usual span, and the spans for long-lead kinds and for what is overwritten."""

    long_lead: DurationText
    short_lead: DurationText


class LimitNumbers(Numbers):
    """`summary-time-limit`: the statutory span, which is no force's to change."""

    limit: DurationText

    @model_validator(mode="after")
    def _of_the_act(self) -> Self:
        if str(self.limit) != SIX_MONTHS:
            raise ValueError(f"limit {self.limit} is not the law (Magistrates' Courts Act 1980 s.127). Write 6m.")
        return self


class RiskAssessmentNumbers(Numbers):
    """`risk-assessment`: the span of the first one, the interval, and the span after a new incident."""

    first: DurationText
    every: DurationText
    after_incident: DurationText


class HearingNumbers(Numbers):
    """`restraining-order`: a span before the hearing, written with a minus."""

    before_hearing: DurationText

    @model_validator(mode="after")
    def _before(self) -> Self:
        if self.before_hearing.number > 0:
            raise ValueError(f"before_hearing {self.before_hearing} is after the hearing. Write 0d or a minus.")
        return self


class OrderNumbers(Numbers):
    """`order-expiry`: how early to remind about an interim order, which is short."""

    remind_interim: DurationText


class RisingNumbers(Strict):
    """How many reports within how many days say that danger is rising."""

    incidents: Whole = Field(ge=2, le=100)
    within: DurationText

    @model_validator(mode="after")
    def _ahead(self) -> Self:
        if self.within.number < 0:
            raise ValueError(f"within {self.within} is before the report. Write it without a minus.")
        return self


class GradeNumbers(Strict):
    """How many reports in all contradict a grade of standard risk."""

    incidents: Whole = Field(ge=1, le=100)


class DangerNumbers(Within):
    """`danger`: the span, and the reports that make a day one of danger."""

    rising: RisingNumbers
    grade: GradeNumbers


class VacancyNumbers(Numbers):
    """`spoc-vacancy`: the span after the last day with a SPOC, and after the first case where there never was one."""

    after_last: DurationText
    when_none: DurationText
