"""`casebeat convene`."""

from typing import Annotated

import typer

from config.london import london_day
from flows import round_steps
from flows.clock import working_moment
from flows.command_line.account import by_command
from flows.command_line.acts.answer import AS_JSON, answer
from flows.references import case_reference
from flows.typed_days import as_of as read_as_of
from models.rules.reviews.move_case import MoveRequest
from tasks.reviews.move_case import convene as move


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("convene")(convene)


def convene(
    case: Annotated[str, typer.Argument(metavar="FORCE/CASE_REF", help="The case, as 45/1234.")],
    sitting: Annotated[str, typer.Option(metavar="REF", help="The sitting, as casebeat sittings names it.")],
    by: Annotated[str, typer.Option(metavar="CONTACT_REF", help="The person who asks for it.")],
    as_json: Annotated[bool, AS_JSON] = False,  # noqa: FBT002
    as_of: Annotated[str | None, typer.Option(hidden=True, help="The day of the request.")] = None,
) -> None:
    """Move a case's joint review to another sitting of its force and CPS Area."""
    named = case_reference(case)
    at = working_moment(read_as_of(as_of), named.force_code)
    today = london_day(at)
    made = move(named, MoveRequest(by, sitting), by_command(by), today, at)
    round_steps.joint_reviews_now(named.force_code, today, at)
    parts = {**named._asdict(), "sitting_ref": made.sitting, "day": made.day, "deadline_on": made.deadline_on}
    answer(made.sentence, as_json=as_json, by=by, new=made.new, **parts)
