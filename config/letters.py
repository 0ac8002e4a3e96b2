"""Policy numbers for letters: their hour, the most items in each of their blocks, and the most matters at once."""

from pydantic import Field

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
    """The London time from which letters leave, and the most items in each of their blocks."""

    from_: LondonTime = Field(alias="from")
    longest: LongestBlocks


class AtOncePolicy(Strict):
    """The most at-once matters that one person gets beside their letter in a day."""

    most: Whole = Field(gt=0, le=10_000)
