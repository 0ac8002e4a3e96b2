"""`casebeat record-review`."""

from datetime import date
from typing import Annotated

import typer

from config.sittings import Enquiries, Pattern, ReviewDecision
from flows.case_act import CaseAct
from flows.command_line.account import by_command
from flows.command_line.options import CaseArgument, Json, answer
from flows.typed import read_as_of, read_day
from models.errors import Refuse
from models.rules.references import SittingCaseReference
from models.rules.reviews.record_review import NewAction, ReviewReport
from tasks.reviews import record_review as duty
from tasks.reviews import undo_review as undoing


def record_review(  # noqa: PLR0913, PLR0917  one parameter for each part of the outcome
    sitting: Annotated[str, typer.Argument(metavar="SITTING_REF", help="The sitting, as 45-south-east-2026-03-17.")],
    case: CaseArgument,
    by: Annotated[str, typer.Option(metavar="CONTACT_REF", help="The person who reports it.")],
    held: Annotated[bool | None, typer.Option("--held/--not-held", help="Whether the review was held.")] = None,
    police: Annotated[bool | None, typer.Option("--police/--no-police", help="Whether police attended.")] = None,
    cps: Annotated[bool | None, typer.Option("--cps/--no-cps", help="Whether CPS attended.")] = None,
    decision: Annotated[list[ReviewDecision] | None, typer.Option(help="What was decided; may be repeated.")] = None,
    pattern: Annotated[Pattern | None, typer.Option(help="The finding on the pattern of behaviour.")] = None,
    action: Annotated[
        list[str] | None,
        typer.Option(metavar="KIND,OWNER_REF,DAY", help="An action, as CCTV,P45of1,2026-03-31; may be repeated."),
    ] = None,
    enquiries: Annotated[
        Enquiries | None, typer.Option(help="Whether every line of enquiry was looked at; the next agenda shows it.")
    ] = None,
    undo: Annotated[bool, typer.Option("--undo", help="Take back what was recorded last; give nothing else.")] = False,  # noqa: FBT002
    as_json: Json = False,  # noqa: FBT002
    as_of: Annotated[str | None, typer.Option(hidden=True, help="The day of the report.")] = None,
) -> None:
    """Record the outcome of a case at its sitting. It applies until corrected, or until a source sends the review.

    With --undo, the outcome that a person recorded last is taken back, and the one that it replaced counts again. The
    person named reads of either in their next letter.
    """
    actions = frozenset(map(_action, action or ()))
    report = ReviewReport(by, held, police, cps, frozenset(decision or ()), pattern, actions, enquiries)
    if undo and report != ReviewReport(by, None):
        raise Refuse("Give --undo alone, without what came of the review. Nothing was done.")
    begun = CaseAct.begin(case, by_command(by), read_as_of(as_of))
    named = SittingCaseReference(sitting, begun.case)
    parts = {"sitting_ref": sitting, **begun.case._asdict(), "by": by}
    if undo:
        gone = begun.do("undo", undoing.undo_review, named)
        begun.convene()
        answer(gone.sentence, as_json=as_json, **parts, day=gone.day, recorded_by=gone.gone.by_ref, new=gone.new)
        return
    result = begun.do("record a review", duty.record_review, named, report)
    begun.convene()
    parts |= {"day": result.day, "actions": result.actions, "new": result.new, "counts": result.counts}
    answer(result.sentence, as_json=as_json, **parts)


def _action(text: str) -> NewAction:
    """Parse KIND,OWNER_REF,DAY."""
    kind, _, rest = text.strip().rpartition(",")
    kind, _, owner = kind.rpartition(",")
    day: date | None = read_day(rest.strip()) if kind and owner else None
    if day is None:
        raise Refuse(f'"{text}" is no action. Write KIND,OWNER_REF,DAY, as CCTV,P45of1,2026-03-31. Nothing was done.')
    return NewAction(kind, owner.strip(), day)
