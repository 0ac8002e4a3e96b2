"""Completion of an action by command or form, in a transaction of its own."""

from datetime import date, datetime

from models.rules.obligations.completion import CompletionReport
from models.rules.people.act import Act
from models.rules.references import ActionReference
from tasks.obligations import completing
from tasks.obligations.completing import CompletionResult, UndoneCompletion, complete
from tasks.platform.configuration import Configuration
from tasks.servers.database import transaction


def complete_action(
    configuration: Configuration, named: ActionReference, report: CompletionReport, act: Act, today: date, at: datetime
) -> CompletionResult:
    """Record that an action was done, and mark its case as changed. Repeating the same report changes nothing.

    Raises Refuse with every reason against it. The obligation stays live until the case is projected.
    """
    with transaction() as connection:
        return complete(configuration, connection, named, report, act, today, at)


def undo(configuration: Configuration, named: ActionReference, act: Act, today: date, at: datetime) -> UndoneCompletion:
    """Take back the latest report that an action was done, and mark its case as changed. Repeating it changes nothing.

    Raises Refuse with every reason against it. The obligation comes back when the case is projected.
    """
    with transaction() as connection:
        return completing.undo(configuration, connection, named, act, today, at)
