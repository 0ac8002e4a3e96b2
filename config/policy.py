"""The policy: rules' numbers, ladders, promises and caps, read once from `policy.yaml` into frozen types."""

import re
from collections.abc import Mapping
from datetime import time
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Literal, NamedTuple, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator

from config import strict_yaml
from config.duration import Duration, DurationText, duration
from config.terms import Addressee, Basis, Duty, Manner, PromiseType, Risk

SHIPPED = Path(__file__).parent / "policy.yaml"


class Strict(BaseModel):
    """Frozen, and refuses a key it does not know."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class ByRisk(Strict):
    """One duration per risk; a single duration in the file stands for all three."""

    high: DurationText
    medium: DurationText
    standard: DurationText

    @model_validator(mode="before")
    @classmethod
    def _one_for_all(cls, value: Any) -> Any:
        return dict.fromkeys(("high", "medium", "standard"), value) if isinstance(value, str) else value

    def of(self, risk: Risk) -> Duration:
        """The duration for a risk; unknown reads as high."""
        table: dict[Risk, Duration] = self.__dict__
        return table[risk.treated_as]


class Numbers(Strict):
    """What every rule has: whether it is on, its basis and ladder, and when it reminds and escalates."""

    enabled: bool = True
    basis: Basis
    ladder: str
    stalls: bool = False
    hard: bool = False
    remind: DurationText
    escalate: ByRisk

    @model_validator(mode="after")
    def _remind_due_escalate(self) -> Self:
        if self.remind.number > 0:
            raise ValueError(f"remind {self.remind} is after the due day. Write 0d or a minus.")
        for risk in ("high", "medium", "standard"):
            if getattr(self.escalate, risk).number < 0:
                raise ValueError(f"escalate for {risk} is before the due day. Write it without a minus.")
        return self


class Within(Numbers):
    """A rule with one span."""

    within: DurationText


class WithinByRisk(Numbers):
    """A rule with one span per risk."""

    within: ByRisk


class EveryByRisk(Numbers):
    """A recurring rule with one interval per risk."""

    every: ByRisk


class JointReviewNumbers(EveryByRisk):
    """`joint-review`: its interval, and how soon after a new incident."""

    after_incident: DurationText


class ActionNumbers(Within):
    """`action` and `action-plan`: the ordinary span, and that of long-lead kinds."""

    long_lead: DurationText


class LimitNumbers(Numbers):
    """`summary-time-limit`: the statutory span."""

    limit: DurationText


class Rules(Strict):
    """Every rule's numbers, by the rule's name."""

    joint_review: JointReviewNumbers = Field(alias="joint-review")
    supervisor_review: EveryByRisk = Field(alias="supervisor-review")
    action: ActionNumbers
    action_plan: ActionNumbers = Field(alias="action-plan")
    no_progress: WithinByRisk = Field(alias="no-progress")
    charging_decision: WithinByRisk = Field(alias="charging-decision")
    awaiting_charge: Within = Field(alias="awaiting-charge")
    summary_time_limit: LimitNumbers = Field(alias="summary-time-limit")
    time_limit_unknown: Within = Field(alias="time-limit-unknown")
    bail_end: Numbers = Field(alias="bail-end")
    custody_limit: Numbers = Field(alias="custody-limit")
    feed_stale: Numbers = Field(alias="feed-stale")

    def of(self, rule: str) -> Numbers:
        """The numbers of a rule, by the name the policy file gives it."""
        found: Numbers = getattr(self, rule.replace("-", "_"))
        return found

    @classmethod
    def names(cls) -> list[str]:
        """Every rule, in the order of the file."""
        return [field.alias or name for name, field in cls.model_fields.items()]


class StepDay(NamedTuple):
    """The day a step hangs on: one of the obligation's three days, plus a duration."""

    base: Literal["remind", "due", "escalate"]
    plus: Duration


def _step_day(text: object) -> StepDay:
    if isinstance(text, StepDay):
        return text
    found = re.fullmatch(r"(remind|due|escalate)(?:\s*([+-])\s*(\S+))?", text) if isinstance(text, str) else None
    if not found:
        raise ValueError(
            f'"{text}" is not a step\'s day. Write remind, due or escalate, alone or as in escalate + 5wd.'
        )
    base, sign, span = found.groups()
    if span and re.fullmatch(r"\d+", span):
        raise ValueError(
            f'"{text}" has no unit. Write {base} {sign} {span}wd (working days) or {base} {sign} {span}d (days).'
        )
    plus = duration(f"-{span}" if sign == "-" else span) if span else Duration(0, duration("0d").unit)
    return StepDay(base, plus)  # type: ignore[arg-type]


class After(Strict):
    """A step that also waits until some days after an earlier one was taken."""

    step: str
    wait: DurationText


class MannerByRisk(Strict):
    """How a step is said, per risk; a single word in the file stands for all three."""

    high: Manner
    medium: Manner
    standard: Manner

    @model_validator(mode="before")
    @classmethod
    def _one_for_all(cls, value: Any) -> Any:
        return dict.fromkeys(("high", "medium", "standard"), value) if isinstance(value, str) else value

    def of(self, risk: Risk) -> Manner:
        """The manner for a risk; unknown reads as high."""
        table: dict[Risk, Manner] = self.__dict__
        return table[risk.treated_as]


class Step(Strict):
    """One approach of a ladder: when, to whom, how, and whether it chases or escalates."""

    step: str
    day: Annotated[StepDay, BeforeValidator(_step_day)]
    after: After | None = None
    to: tuple[Addressee, ...] = Field(min_length=1)
    manner: MannerByRisk
    duty: Duty


class Acknowledge(Strict):
    """How long a promise may be, how often renewed, and what a lead may lift it to."""

    longest: ByRisk
    renewals: int = Field(ge=0)
    lead: dict[PromiseType, DurationText]


class Intake(Strict):
    """When an extract is refused as broken or truncated: above the percentage, and more than so many rows."""

    max_rejected_percent: int = Field(ge=0, le=100)
    max_withdrawn_percent: int = Field(ge=0, le=100)
    more_than_rows: int = Field(ge=0)


class Feeds(Strict):
    """When a source that has sent before is late."""

    stale_after_hours: int = Field(gt=0)

    @property
    def stale_after(self) -> Duration:
        """Rounded up to whole days."""
        return duration(f"{-(-self.stale_after_hours // 24)}d")


class Digest(Strict):
    """How long a digest may be, and from what London time it is said."""

    longest: int = Field(gt=0)
    from_: time = Field(alias="from")


class AtOnce(Strict):
    """How many at-once messages one person gets on one day."""

    most: int = Field(gt=0)


class Delivery(Strict):
    """Caps that stop a flood; hard clocks are exempt."""

    most_per_person_per_day: int = Field(gt=0)
    most_per_run: int = Field(gt=0)


class Policy(Strict):
    """The whole file."""

    edition: str
    rules: Rules
    ladders: dict[str, tuple[Step, ...]]
    acknowledge: Acknowledge
    intake: Intake
    feeds: Feeds
    digest: Digest
    at_once: AtOnce
    delivery: Delivery
    overrides: dict[Annotated[str, Field(pattern=r"^[0-9]{2}$")], dict[str, dict[str, Any]]] = {}

    @model_validator(mode="after")
    def _ladders_hold(self) -> Self:
        faults = [
            f"rules.{rule}.ladder: there is no ladder {self.rules.of(rule).ladder!r}"
            for rule in Rules.names()
            if self.rules.of(rule).ladder not in self.ladders
        ]
        for name, steps in self.ladders.items():
            seen: list[str] = []
            for step in steps:
                if step.after and step.after.step not in seen:
                    faults.append(f"ladders.{name}: {step.step} waits for {step.after.step!r}, which is not before it")
                if step.step in seen:
                    faults.append(f"ladders.{name}: {step.step} is there twice")
                seen.append(step.step)
        if faults:
            raise ValueError("; ".join(faults))
        return self

    @model_validator(mode="after")
    def _overrides_hold(self) -> Self:
        for force_code in self.overrides:
            self._merged(force_code)
        return self

    def _merged(self, force_code: str) -> Rules:
        values = self.rules.model_dump(by_alias=True)
        for rule, numbers in self.overrides.get(force_code, {}).items():
            if rule not in values:
                raise ValueError(f'overrides.{force_code}.{rule}: there is no rule "{rule}"')
            values[rule] |= numbers
        try:
            merged = Rules.model_validate(values)
        except ValidationError as error:
            told = "; ".join(f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors())
            raise ValueError(f"overrides.{force_code}: {told}") from None
        unladdered = [rule for rule in Rules.names() if merged.of(rule).ladder not in self.ladders]
        if unladdered:
            raise ValueError(f"overrides.{force_code}: no such ladder for {', '.join(unladdered)}")
        return merged

    def for_force(self, force_code: str | None) -> Rules:
        """The rules' numbers as one force has them: the shipped ones with its overrides."""
        return _for_force(self, force_code) if force_code in self.overrides else self.rules

    def ladder_of(self, rule: str, force_code: str | None = None) -> tuple[Step, ...]:
        """The ladder that a rule's obligations climb."""
        return self.ladders[self.for_force(force_code).of(rule).ladder]

    def __hash__(self) -> int:
        """One policy object is one key: it is read once."""
        return id(self)


@cache
def _for_force(policy: Policy, force_code: str) -> Rules:
    return policy._merged(force_code)  # noqa: SLF001  its own memo


def load_policy(path: Path = SHIPPED) -> Policy:
    """Read a policy file; `config.strict_yaml.Faults` carries every fault with its path."""
    return strict_yaml.load(path, Policy)


def fingerprint(policy: Policy) -> str:
    """Text that changes when any number that a projection depends on changes."""
    body: Mapping[str, Any] = policy.model_dump(mode="json", include={"rules", "ladders", "overrides", "feeds"})
    return str(body)
