"""References: the names that people use for a case, and for the things that belong to it."""

import string
from typing import NamedTuple

_WRITTEN_WITH = string.digits + string.ascii_uppercase + "/-"


class CaseReference(NamedTuple):
    """A case by its force and that force's own reference. It prints in the usual form: 45/1234."""

    force_code: str
    case_ref: str

    def __str__(self) -> str:
        return f"{self.force_code}/{self.case_ref}"


class ActionReference(NamedTuple):
    """An action of a case."""

    case: CaseReference
    action_ref: str


class ObligationReference(NamedTuple):
    """An obligation of a case. Without a subject it is the case's only one under the rule."""

    case: CaseReference
    rule: str
    subject: str | None = None


class SittingCaseReference(NamedTuple):
    """A case at one sitting."""

    sitting_ref: str
    case: CaseReference


def slips(reference: str) -> frozenset[str]:
    """Return the references that differ by one slip of the pen: a letter too many, too few, another, or two swapped."""
    cut = [(reference[:at], reference[at:]) for at in range(len(reference) + 1)]
    return frozenset(
        {reference.upper()}
        | {before + after[1:] for before, after in cut if after}
        | {before + after[1] + after[0] + after[2:] for before, after in cut if len(after) > 1}
        | {before + each + after[1:] for before, after in cut if after for each in _WRITTEN_WITH}
        | {before + each + after for before, after in cut for each in _WRITTEN_WITH}
    )
