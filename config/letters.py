"""Policy numbers for letters: their hours, the most items in each of their blocks, and the most matters at once."""

from datetime import time
from typing import Self

from pydantic import Field, model_validator

from config.days.civil_days import LondonTime
from config.numbers import Whole
from config.strict_yaml import Strict


class LongestBlocks(Strict):
    """The most items in each block of a letter; the rest is counted, and in the attached list."""

    at_once: Whole = Field(gt=0, le=1_000)  # beside time limits and orders, of which none is left out
    victim: Whole = Field(gt=0, le=1_000)
    yours: Whole = Field(gt=0, le=1_000)
    standing: Whole = Field(gt=0, le=1_000)  # stalled cases, and what is still open, in the week's first letter
    resolved: Whole = Field(gt=0, le=1_000)
    listed: Whole = Field(gt=0, le=1_000)  # lines of an answer, and of a list for operations


class LetterPolicy(Strict):
    """The London times from which letters leave and until which a day's late news is looked at, and their longest."""

    from_: LondonTime = Field(alias="from")
    until: LondonTime = time(18)  # a policy of before has none
    longest: LongestBlocks
    words: Whole = Field(900, gt=0, le=100_000)  # of the page of a SPOC's or lead's letter, its first block aside

    @model_validator(mode="after")
    def _is_a_day(self) -> Self:
        if self.until <= self.from_:
            raise ValueError("until must be later than from")
        return self


class AtOncePolicy(Strict):
    """The most at-once matters that one person gets beside their letter in a day."""

    most: Whole = Field(gt=0, le=10_000)
