"""`casebeat complete-action`."""

from typing import Annotated

import typer

from flows.case_act import CaseAct
from flows.command_line.account import by_command
from flows.command_line.options import CaseArgument, Json, answer
from flows.typed import read_as_of, read_day
from models.errors import Refuse
from models.rules.obligations.completion import CompletionReport
from models.rules.references import ActionReference
from tasks.obligations import complete_action as duty


def complete_action(
    case: CaseArgument,
    action: Annotated[str, typer.Argument(metavar="ACTION_REF", help="The action's reference, as A1.")],
    by: Annotated[str, typer.Option(metavar="CONTACT_REF", help="The person who reports it.")],
    on: Annotated[str | None, typer.Option(metavar="DAY", help="The day it was done; today if not given.")] = None,
    undo: Annotated[bool, typer.Option("--undo", help="Take back that it was reported as done.")] = False,  # noqa: FBT002
    as_json: Json = False,  # noqa: FBT002
    as_of: Annotated[str | None, typer.Option(hidden=True, help="The day of the report.")] = None,
) -> None:
    """Report that an action was done. It ends at once, and the report applies until its source's row changes.

    With --undo, the report is taken back, and the action is owed as before. The person named reads of either in
    their next letter.
    """
    day = read_day(on)
    if undo and day:
        raise Refuse("Give --undo alone, without --on. Nothing was done.")
    begun = CaseAct.begin(case, by_command(by), read_as_of(as_of))
    named = ActionReference(begun.case, action)
    result = (
        begun.do("undo", duty.undo, named)
        if undo
        else begun.do("complete an action", duty.complete_action, named, CompletionReport(by, day))
    )
    begun.project()
    answer(result.sentence, as_json=as_json, by=by, **result._asdict())
