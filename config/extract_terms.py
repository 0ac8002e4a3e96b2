"""Enumerations of extracts that no rule looks at, as those of `config.terms`."""

from enum import StrEnum


class Decision(StrEnum):
    """The CPS decision on a referral."""

    CHARGE = "charge"
    NFA = "nfa"
    FURTHER_WORK = "further_work"


class Course(StrEnum):
    """Training that the protocol asks for."""

    STALKING_PROSECUTOR = "stalking_prosecutor"
    SPOC_ROLE = "spoc_role"
