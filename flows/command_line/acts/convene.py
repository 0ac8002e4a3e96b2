"""`casebeat convene`."""

from typing import Annotated

import typer

from config.days.london import london_day
from flows import round_steps
from flows.clock import working_moment
from flows.command_line.account import by_command
from flows.command_line.acts.answer import AS_JSON, answer
from flows.configured import configured
from flows.references import case_reference
from flows.typed_days import as_of as read_as_of
from models.errors import Refuse
from models.rules.reviews.move_case import MoveRequest
from tasks.reviews.move_back import undo_move
from tasks.reviews.move_case import convene as move


def convene(
    case: Annotated[str, typer.Argument(metavar="FORCE/CASE_REF", help="The case, as 45/1234.")],
    by: Annotated[str, typer.Option(metavar="CONTACT_REF", help="The person who asks for it.")],
    sitting: Annotated[
        str | None, typer.Option(metavar="REF", help="The sitting, as casebeat sittings names it.")
    ] = None,
    undo: Annotated[bool, typer.Option("--undo", help="Take back the last move that a person made.")] = False,  # noqa: FBT002
    as_json: Annotated[bool, AS_JSON] = False,  # noqa: FBT002
    as_of: Annotated[str | None, typer.Option(hidden=True, help="The day of the request.")] = None,
) -> None:
    """Move a case's joint review to another sitting of its force and CPS Area.

    With --undo, the last move is taken back: the case sits where it sat before or, where it cannot, stays where it is
    and may be moved as any other. The person named reads of either in their next letter.
    """
    configuration = configured()
    named, act = case_reference(case), by_command(by)
    if (sitting is None) is not undo:
        raise Refuse("Give either --sitting or --undo. Nothing was done.")
    at = working_moment(read_as_of(as_of), named.force_code)
    today = london_day(at)
    if sitting is None:
        back = undo_move(configuration, named, act, today, at)
        round_steps.joint_reviews_now(configuration, named.force_code, today, at)
        parts = {"sitting_ref": back.sitting, "day": back.day, "moved_by": back.move.by_ref, "new": back.new}
        answer(back.sentence, as_json=as_json, **named._asdict(), by=by, **parts)
        return
    result = move(configuration, named, MoveRequest(by, sitting), act, today, at)
    round_steps.joint_reviews_now(configuration, named.force_code, today, at)
    parts = {"sitting_ref": result.sitting, "day": result.day, "deadline_on": result.deadline_on, "new": result.new}
    answer(result.sentence, as_json=as_json, **named._asdict(), by=by, **parts)
