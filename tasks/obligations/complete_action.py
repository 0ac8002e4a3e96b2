"""Completion of an action by command or form, in a transaction of its own."""

from datetime import date, datetime

from models.rules.obligations.completion import CompletionReport
from models.rules.references import ActionReference
from tasks.obligations.completing import CompletionResult, complete
from tasks.platform.database import transaction

__all__ = ["CompletionResult", "complete_action"]


def complete_action(named: ActionReference, report: CompletionReport, today: date, at: datetime) -> CompletionResult:
    """Record that an action was done, and mark its case as changed. Repeating the same report changes nothing.

    Raises Refuse with every reason against it. The obligation stays live until the case is projected.
    """
    with transaction() as connection:
        return complete(connection, named, report, today, at)
