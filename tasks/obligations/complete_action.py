"""Complete-action: what the command and the form do, in a transaction of its own. A reply does the same in its own."""

from datetime import date, datetime

from models.rules.obligations.completion import CompletionReport
from models.rules.references import ActionReference
from tasks.obligations.completing import CompletionResult, complete
from tasks.platform.database import transaction

__all__ = ["CompletionResult", "complete_action"]


def complete_action(named: ActionReference, word: CompletionReport, today: date, at: datetime) -> CompletionResult:
    """Record that an action was done, and mark its case as changed; the same word again changes nothing.

    Raises Refuse with every reason why it may not be recorded. Until the case is projected its obligation lives on.
    """
    with transaction() as connection:
        return complete(connection, named, word, today, at)
