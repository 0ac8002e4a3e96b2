"""`casebeat confirm-risk`."""

from typing import Annotated

import typer

from flows.case_act import CaseAct
from flows.command_line.account import by_command
from flows.command_line.options import CaseArgument, Json, answer
from flows.typed import read_as_of
from tasks.obligations import confirm_risk as duty


def confirm_risk(
    case: CaseArgument,
    by: Annotated[str, typer.Option(metavar="CONTACT_REF", help="The supervisor, or a SPOC or lead of the force.")],
    undo: Annotated[bool, typer.Option("--undo", help="Take back that the grade was confirmed.")] = False,  # noqa: FBT002
    as_json: Json = False,  # noqa: FBT002
    as_of: Annotated[str | None, typer.Option(hidden=True, help="The day of the confirmation.")] = None,
) -> None:
    """Confirm that the grade of a case's risk is right today. Its danger is then quiet until something new happens.

    With --undo, the confirmation is taken back. The person named reads of either in their next letter.
    """
    begun = CaseAct.begin(case, by_command(by), read_as_of(as_of))
    named = ("undo", duty.undo) if undo else ("confirm a grade", duty.confirm_risk)
    result = begun.do(*named, begun.case)
    begun.project()
    answer(result.sentence, as_json=as_json, by=by, **result._asdict())
