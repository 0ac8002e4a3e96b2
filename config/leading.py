"""Who owes a rule's obligations, and where the SPOC who leads on a case is named."""

from enum import StrEnum


class OwnerKind(StrEnum):
    """Who owes a rule's obligations, as the first of a ladder's addressees."""

    CASE = "case"  # the officer in the case or the prosecutor; of an action, its own owner
    SUPERVISOR = "supervisor"
    CHAIR = "chair"  # of the sitting that it is about


class LeadNamed(StrEnum):
    """Where the SPOC who leads on a case is named."""

    CASE = "case"
    PANEL = "panel"
