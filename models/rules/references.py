"""References: the names that people use for a case, and for the things that belong to it."""

from typing import NamedTuple


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
