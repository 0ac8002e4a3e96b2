"""Training."""

from enum import StrEnum


class Course(StrEnum):
    """Training that the protocol asks for."""

    STALKING_PROSECUTOR = "stalking_prosecutor"
    SPOC_ROLE = "spoc_role"
