"""The policy: rules' numbers, ladders, promises and caps, read once from `policy.yaml` into frozen types."""

from collections.abc import Mapping
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, model_validator

from config import strict_yaml
from config.acknowledgement import AcknowledgementPolicy
from config.days.duration import DurationText, MinutesText
from config.feeds import FeedPolicy
from config.first_day import InheritedPolicy, Starts
from config.forces import FORCES, ForceCode
from config.ladders import Step
from config.letters import AtOncePolicy, LetterPolicy
from config.numbers import Name, Whole
from config.pattern import PatternPolicy
from config.plain_yaml import path, shown
from config.presumption import Presumed, Presumption
from config.replies import ReplyPolicy
from config.retention import RetentionPolicy
from config.rules import Rules
from config.strict_yaml import Strict
from config.terms import Classification
from config.unseen import Unseen

SHIPPED = Path(__file__).parent / "policy.yaml"


class IntakePolicy(Strict):
    """Limits beyond which an extract is refused as broken or truncated, or held as unlike its source.

    Each is a percentage, and counts beside a least number of rows, cases or cells.
    """

    max_rejected_percent: Whole = Field(ge=0, le=100)
    max_withdrawn_percent: Whole = Field(ge=0, le=100)
    unlike_percent: Whole = Field(10, ge=0, le=100)  # of open cases: closed, reclassified or downgraded
    emptied_percent: Whole = Field(50, ge=0, le=100)  # of the cells of a column that are filled
    more_than_rows: Whole = Field(ge=0, le=1_000_000_000)


class ConveningPolicy(Strict):
    """The span before its sitting in which a convened case keeps its place, whichever other case would be late."""

    settled: DurationText


class JointReviewPolicy(Strict):
    """The span, from the day of the sitting, in which police refer a case that a joint review decided to submit."""

    refer_within: DurationText


class AgendaPolicy(Strict):
    """How long before a sitting its agenda is sent."""

    before: DurationText


class CalendarPolicy(Strict):
    """How long a meeting blocks a reader's calendar before the first and after the last of their own cases."""

    around: MinutesText = timedelta(minutes=5)


class SeriesPolicy(Strict):
    """More cases of a SPOC's own than so many, before a panel within a month, and its series is theirs."""

    from_: Whole = Field(3, alias="from", ge=0, le=1_000)


class ClockPolicy(Strict):
    """How far clocks may differ, and the longest gap between two rounds after which the clock is doubted."""

    tolerance: MinutesText
    longest_gap: DurationText

    @model_validator(mode="after")
    def _gap_ahead(self) -> Self:
        if self.longest_gap.number <= 0:
            raise ValueError(f"longest_gap {self.longest_gap} is no gap. Write 28d.")
        return self


class DeliveryPolicy(Strict):
    """Caps that stop a flood of messages (hard clocks are exempt), and how many refusals are a carrier's own fault."""

    most_per_person_per_day: Whole = Field(gt=0, le=10_000)
    most_per_run: Whole = Field(gt=0, le=10_000_000)
    refusals: Whole = Field(5, gt=0, le=10_000)  # recipients: more than so many, and half of a run, and it is down


def _scope_holds(scope: tuple[Classification, ...]) -> tuple[Classification, ...]:
    if Classification.STALKING not in scope or Classification.OTHER in scope:
        raise ValueError("scope is [stalking], or [stalking, harassment]")
    return scope


Scope = Annotated[tuple[Classification, ...], AfterValidator(_scope_holds)]


class ForceOverrides(BaseModel):
    """One force's own numbers, by rule, its own scope, and for what it presumes stalking."""

    model_config = ConfigDict(frozen=True, extra="allow")
    scope: Scope | None = None
    presumed: Presumed | None = None
    __pydantic_extra__: dict[str, dict[str, Any]]

    @property
    def numbers(self) -> dict[str, dict[str, Any]]:
        """Return the numbers that differ, by rule."""
        return self.__pydantic_extra__


class Policy(Strict):
    """The whole file."""

    edition: Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9 ._/-]{0,39}$")]
    rules: Rules
    ladders: dict[Name, Annotated[tuple[Step, ...], Field(min_length=1)]]
    acknowledge: AcknowledgementPolicy
    intake: IntakePolicy
    feeds: FeedPolicy
    letter: LetterPolicy
    at_once: AtOncePolicy
    convening: ConveningPolicy
    joint_reviews: JointReviewPolicy
    agenda: AgendaPolicy
    calendar: CalendarPolicy = Field(default_factory=CalendarPolicy)
    series: SeriesPolicy = Field(default_factory=SeriesPolicy)
    clock: ClockPolicy
    delivery: DeliveryPolicy
    replies: ReplyPolicy
    retention: RetentionPolicy
    pattern: PatternPolicy = Field(default_factory=PatternPolicy)
    unseen: Unseen = Field(default_factory=dict)
    scope: Scope
    presumed: Presumed = Presumption.SAFETY
    starts: Starts = Field(default_factory=dict)
    inherited: InheritedPolicy = Field(default_factory=InheritedPolicy)
    overrides: dict[ForceCode, ForceOverrides] = Field(default_factory=dict)

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
        values = self.rules.model_dump(by_alias=True, exclude_none=True)
        for rule, numbers in self.overrides[force_code].numbers.items():
            if rule not in values:
                raise ValueError(f'overrides.{force_code}.{shown(rule)}: there is no rule "{shown(rule)}"')
            values[rule] |= numbers
        try:
            merged = Rules.model_validate(values)
        except ValidationError as error:
            faults = "; ".join(f"{path(e['loc'])}: {e['msg']}" for e in error.errors())
            raise ValueError(f"overrides.{force_code}: {faults}") from None
        unladdered = [rule for rule in Rules.names() if merged.of(rule).ladder not in self.ladders]
        if unladdered:
            raise ValueError(f"overrides.{force_code}: no such ladder for {', '.join(unladdered)}")
        return merged

    def for_force(self, force_code: str | None) -> Rules:
        """Return the rules' numbers for one force: the shipped ones with its overrides."""
        return _for_force(self, force_code) if force_code in self.overrides else self.rules

    @property
    def harassment_in(self) -> tuple[str, ...]:
        """Return the forces that have harassment cases in scope too."""
        own = {code: changes.scope for code, changes in self.overrides.items() if changes.scope is not None}
        return tuple(code for code in FORCES if Classification.HARASSMENT in own.get(code, self.scope))

    def presumed_for(self, force_code: str) -> Presumption:
        """Return for what a force's cases are presumed stalking."""
        own = self.overrides.get(force_code)
        return self.presumed if own is None or own.presumed is None else own.presumed

    def ladder_of(self, rule: str, force_code: str | None = None) -> tuple[Step, ...]:
        """Return the ladder that a rule's obligations climb."""
        return self.ladders[self.for_force(force_code).of(rule).ladder]

    def __hash__(self) -> int:
        """Hash by identity: the policy is read once, so one object is one key."""
        return id(self)


@cache
def _for_force(policy: Policy, force_code: str) -> Rules:
    return policy._merged(force_code)  # noqa: SLF001  its own memo


def load_policy(path: Path = SHIPPED) -> Policy:
    """Read a policy file; a section or a rule that it does not have is as shipped.

    Raises `config.strict_yaml.Faults` with every fault and its path.
    """
    own = strict_yaml.parse(path)
    return strict_yaml.check(path, _completed(own) if isinstance(own, dict) else own, Policy)


def as_shipped(path: Path) -> list[str]:
    """Return what a policy file leaves as shipped: the names of its sections and rules. Raises Faults."""
    own, shipped = strict_yaml.parse(path), strict_yaml.parse(SHIPPED)
    rules = [f"rules.{name}" for name in shipped["rules"].keys() - own["rules"].keys()] if "rules" in own else []
    return sorted([*(shipped.keys() - own.keys()), *rules])


def _completed(own: dict[Any, Any]) -> dict[Any, Any]:
    """Complete a policy by what an upgrade brought since it was written, so that no round waits for its owner."""
    shipped: dict[Any, Any] = strict_yaml.parse(SHIPPED)
    del shipped["edition"]  # each policy has its own
    rules = own.get("rules")
    return shipped | own | ({"rules": shipped["rules"] | rules} if isinstance(rules, dict) else {})


def fingerprint(policy: Policy) -> str:
    """Return text that changes when any number that a projection depends on changes."""
    parts = {"rules", "ladders", "overrides", "feeds", "scope", "presumed", "starts", "inherited"}
    body: Mapping[str, Any] = policy.model_dump(mode="json", include=parts)
    return str(body)
