"""The numbers of every rule, by the rule's name in the policy file."""

from typing import Self

from pydantic import Field, model_validator

from config.numbers import (
    ActionNumbers,
    AgainNumbers,
    ClosingNumbers,
    DangerNumbers,
    EveryByRisk,
    HearingNumbers,
    JointReviewNumbers,
    LimitNumbers,
    NotificationNumbers,
    Numbers,
    OrderNumbers,
    RiskAssessmentNumbers,
    TrainingNumbers,
    VacancyNumbers,
    Within,
    WithinByRisk,
)
from config.strict_yaml import Strict

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
    order_served: Within = Field(alias="order-served")
    spo_notification: NotificationNumbers = Field(alias="spo-notification")
    breach_unanswered: Within = Field(alias="breach-unanswered")
    bail_views: Within = Field(alias="bail-views")
    release_review: Within = Field(alias="release-review")
    victim_told: Within = Field(alias="victim-told")
    nfa_review: ClosingNumbers = Field(alias="nfa-review")
    advocate_referral: Within = Field(alias="advocate-referral")
    suspect_wanted: EveryByRisk = Field(alias="suspect-wanted")
    danger: DangerNumbers
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
