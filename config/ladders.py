"""Ladders: the ordered approaches to people as an obligation's days pass."""

import re
from typing import Annotated, Literal, NamedTuple, Self

from pydantic import BeforeValidator, Field, model_validator

from config.days.duration import Duration, DurationText, Unit, sensible_duration
from config.numbers import Name, PerRisk, YesNo
from config.plain_yaml import shown
from config.strict_yaml import Strict
from config.terms import Addressee, Duty, Manner, Risk


class StepDay(NamedTuple):
    """The day of a step: one of the obligation's three days plus a duration."""

    base: Literal["remind", "due", "escalate"]
    plus: Duration


def _step_day(text: object) -> StepDay:
    if isinstance(text, StepDay):
        return text
    match = re.fullmatch(r"(remind|due|escalate)(?:\s*([+-])\s*(\S+))?", text) if isinstance(text, str) else None
    if not match:
        raise ValueError(
            f'"{shown(text)}" is not a step\'s day. Write remind, due or escalate, alone or as in escalate + 5wd.'
        )
    base, sign, span = match.groups()
    if span and re.fullmatch(r"[0-9]+", span):
        raise ValueError(
            f'"{shown(text)}" has no unit. Write {base} {sign} {span[:4]}wd (working days) or '
            f"{base} {sign} {span[:4]}d (days)."
        )
    plus = sensible_duration(f"-{span}" if sign == "-" else span) if span else Duration(0, Unit.DAYS)
    return StepDay(base, plus)  # type: ignore[arg-type]


class After(Strict):
    """An extra wait: the step is not taken until some time after an earlier step was taken."""

    step: Name
    wait: DurationText


class MannerByRisk(PerRisk[Manner]):
    """The manner of a step for each risk."""


class Step(Strict):
    """One approach on a ladder: its day, addressees and manner, and whether it chases or escalates.

    It is taken on working days, or with `any_day` on any.
    """

    step: Name
    day: Annotated[StepDay, BeforeValidator(_step_day)]
    after: After | None = None
    to: tuple[Addressee, ...] = Field(min_length=1)
    all_spocs: YesNo = False  # spoc and counterpart lead to every SPOC, and not only to the one who leads on the case
    manner: MannerByRisk
    duty: Duty
    any_day: YesNo = False

    @model_validator(mode="after")
    def _said_at_once(self) -> Self:
        if self.any_day and Manner.DIGEST in map(self.manner.of, Risk):
            raise ValueError("any_day is for a step that is at_once: a digest is sent on working days")
        return self

    @property
    def handed_over(self) -> tuple[Addressee, ...]:
        """The addressees whose newcomers get the step too: all of an escalation, and of a chase the owner alone."""
        return tuple(addressee for addressee in self.to if self.duty is Duty.ESCALATE or addressee is Addressee.OWNER)
