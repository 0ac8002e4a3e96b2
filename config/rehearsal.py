"""The assumption of a rehearsal about answers."""

from datetime import timedelta
from enum import StrEnum

MEASURED = timedelta(weeks=8)  # before the first rehearsed day
FEW = 5  # obligations: the pace of fewer says nothing


class Answers(StrEnum):
    """Who answers in the rehearsed weeks."""

    NOBODY = "nobody"
    AS_BEFORE = "as-before"  # at the pace of the weeks before
