"""Durations in written form: `10wd` working days, `28d` days, `6m` months, with an optional minus sign; `10min`."""

import re
from datetime import timedelta
from enum import StrEnum
from typing import Annotated, NamedTuple

from pydantic import BeforeValidator, PlainSerializer

from config.plain_yaml import shown

_FORM = re.compile(r"([+-]?)([0-9]{1,4})(wd|d|m)\Z")
_MINUTES = re.compile(r"([0-9]{1,3})min\Z")
LONGEST = 3_720  # days: ten years, in months of 31 days


class Unit(StrEnum):
    """The unit of a duration."""

    WORKING_DAYS = "wd"
    DAYS = "d"
    MONTHS = "m"


_UNIT_NAMES = {Unit.WORKING_DAYS: "working day", Unit.DAYS: "day", Unit.MONTHS: "month"}


class Duration(NamedTuple):
    """A signed number of working days, days or months."""

    number: int
    unit: Unit

    def __str__(self) -> str:
        """Return the form used in the policy file."""
        return f"{self.number}{self.unit}"

    @property
    def text(self) -> str:
        """Return the text for readers, without the sign: `10 working days`."""
        return f"{abs(self.number)} {_UNIT_NAMES[self.unit]}{'' if abs(self.number) == 1 else 's'}"

    @property
    def bounds(self) -> tuple[int, int]:
        """Return the fewest and the most plain days it can span, whatever day it starts on."""
        n = abs(self.number)
        least, most = {
            Unit.DAYS: (n, n),
            Unit.MONTHS: (n * 28, n * 31),
            Unit.WORKING_DAYS: (0 if n == 0 else n, n * 7 // 5 + 12),
        }[self.unit]
        return (least, most) if self.number >= 0 else (-most, -least)


def duration(text: object) -> Duration:
    """Parse `10wd`, `-28d` or `6m`. Raises ValueError with a sentence that names the fault and the correct form."""
    if isinstance(text, Duration):
        return text
    match = _FORM.match(text) if isinstance(text, str) else None
    if match:
        sign, number, unit = match.groups()
        return Duration(-int(number) if sign == "-" else int(number), Unit(unit))
    written = shown(text)
    digits = re.sub(r"[^0-9]", "", written)[:4] or "2"
    raise ValueError(
        f'"{written}" is not a duration. Write {digits}wd (working days), {digits}d (days) or {digits}m (months).'
    )


def sensible_duration(text: object) -> Duration:
    """Parse a duration of a file. Raises ValueError if it is none, or longer than ten years."""
    made = duration(text)
    if max(map(abs, made.bounds)) > LONGEST:
        raise ValueError(f'"{made}" is longer than ten years')
    return made


DurationText = Annotated[Duration, BeforeValidator(sensible_duration), PlainSerializer(str)]


def minutes(text: object) -> timedelta:
    """Parse `10min`. Raises ValueError with a sentence that names the fault and the correct form."""
    match = _MINUTES.match(text) if isinstance(text, str) else None
    if match and int(match[1]) > 0:
        return timedelta(minutes=int(match[1]))
    raise ValueError(f'"{shown(text)}" is not a number of minutes. Write 10min.')


MinutesText = Annotated[timedelta, BeforeValidator(minutes)]
