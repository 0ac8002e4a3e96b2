"""`casebeat convene`."""

from typing import Annotated

import typer

from flows.case_act import CaseAct
from flows.command_line.account import by_command
from flows.command_line.options import CaseArgument, Json, answer
from flows.typed import read_as_of
from models.errors import Refuse
from models.rules.reviews.move_case import MoveRequest
from tasks.reviews import move_back, move_case


def convene(
    case: CaseArgument,
    by: Annotated[str, typer.Option(metavar="CONTACT_REF", help="The person who asks for it.")],
    sitting: Annotated[
        str | None, typer.Option(metavar="REF", help="The sitting, as casebeat sittings names it.")
    ] = None,
    undo: Annotated[bool, typer.Option("--undo", help="Take back the last move that a person made.")] = False,  # noqa: FBT002
    as_json: Json = False,  # noqa: FBT002
    as_of: Annotated[str | None, typer.Option(hidden=True, help="The day of the request.")] = None,
) -> None:
    """Move a case's joint review to another sitting of its force and CPS Area.

    With --undo, the last move is taken back: the case sits where it sat before or, where it cannot, stays where it is
    and may be moved as any other. The person named reads of either in their next letter.
    """
    if (sitting is None) is not undo:
        raise Refuse("Give either --sitting or --undo. Nothing was done.")
    begun = CaseAct.begin(case, by_command(by), read_as_of(as_of))
    if sitting is None:
        back = begun.do("undo", move_back.undo_move, begun.case)
        begun.convene()
        parts = {"sitting_ref": back.sitting, "day": back.day, "moved_by": back.move.by_ref, "new": back.new}
        answer(back.sentence, as_json=as_json, **begun.case._asdict(), by=by, **parts)
        return
    result = begun.do("move a case", move_case.convene, begun.case, MoveRequest(by, sitting))
    begun.convene()
    parts = {"sitting_ref": result.sitting, "day": result.day, "deadline_on": result.deadline_on, "new": result.new}
    answer(result.sentence, as_json=as_json, **begun.case._asdict(), by=by, **parts)
