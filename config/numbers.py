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


class VacancyNumbers(Numbers):
    """`spoc-vacancy`: the span after the last day with a SPOC, and after the first case where there never was one."""

    after_last: DurationText
    when_none: DurationText


STANDING = (  # rules of what lasts as long as a case, post or source: nothing begins it, and `since` would do nothing
    "joint-review", "supervisor-review", "no-progress", "bail-end", "custody-limit", "feed-stale", "risk-assessment",
    "victim-contact", "prosecutor-training", "spoc-role", "spoc-vacancy", "column-missing",
)  # fmt: skip


class Rules(Strict):
    """The numbers of every rule, by rule name."""

    joint_review: JointReviewNumbers = Field(alias="joint-review")
    supervisor_review: EveryByRisk = Field(alias="supervisor-review")
    action: ActionNumbers
    action_plan: ActionNumbers = Field(alias="action-plan")
    no_progress: WithinByRisk = Field(alias="no-progress")
    charging_decision: WithinByRisk = Field(alias="charging-decision")
    awaiting_charge: WithinByRisk = Field(alias="awaiting-charge")
    summary_time_limit: LimitNumbers = Field(alias="summary-time-limit")
    time_limit_unknown: Within = Field(alias="time-limit-unknown")
    charge_code_unknown: Within = Field(alias="charge-code-unknown")
    bail_end: Numbers = Field(alias="bail-end")
    bail_end_unknown: Within = Field(alias="bail-end-unknown")
    custody_limit: Numbers = Field(alias="custody-limit")
    custody_limit_unknown: Within = Field(alias="custody-limit-unknown")
    feed_stale: Numbers = Field(alias="feed-stale")
    why_not_stalking: Within = Field(alias="why-not-stalking")
    charge_not_stalking: Within = Field(alias="charge-not-stalking")
    referral_checklist: Numbers = Field(alias="referral-checklist")
    pin_issued: Numbers = Field(alias="pin-issued")
    risk_assessment: RiskAssessmentNumbers = Field(alias="risk-assessment")
    victim_contact: Within = Field(alias="victim-contact")
    plea: Within
    restraining_order: HearingNumbers = Field(alias="restraining-order")
    spo_considered: AgainNumbers = Field(alias="spo-considered")
    order_expiry: OrderNumbers = Field(alias="order-expiry")
    order_told: Within = Field(alias="order-told")
    spo_notification: NotificationNumbers = Field(alias="spo-notification")
    breach_unanswered: Within = Field(alias="breach-unanswered")
    bail_views: Within = Field(alias="bail-views")
    release_review: Within = Field(alias="release-review")
    victim_told: Within = Field(alias="victim-told")
    nfa_review: ClosingNumbers = Field(alias="nfa-review")
    closed_silently: Within = Field(alias="closed-silently")
    outcome_unrecorded: Within = Field(alias="outcome-unrecorded")
    column_missing: Within = Field(alias="column-missing")
    prosecutor_training: TrainingNumbers = Field(alias="prosecutor-training")
    spoc_role: Within = Field(alias="spoc-role")
    spoc_vacancy: VacancyNumbers = Field(alias="spoc-vacancy")

    @model_validator(mode="after")
    def _since_something(self) -> Self:
        if vain := [rule for rule in STANDING if self.of(rule).since is not None]:
            raise ValueError(
                f"since: {', '.join(vain)} stands for as long as its case or post does. Remove since there."
            )
        return self

    def of(self, rule: str) -> Numbers:
        """Return the numbers of a rule, by its name in the policy file."""
        numbers: Numbers = getattr(self, rule.replace("-", "_"))
        return numbers

    @classmethod
    def names(cls) -> list[str]:
        """List every rule in the order of the file."""
        return [field.alias or name for name, field in cls.model_fields.items()]
