"""The deployment `record-review`: a form for people."""

from datetime import date
from typing import Annotated, Any

from prefect import flow
from prefect.states import Completed
from pydantic import BaseModel, Field

from config.london import london_day
from config.sittings import Enquiries, Pattern, ReviewDecision
from flows import round_steps
from flows.clock import working_moment
from flows.form_run import by_form
from flows.prefect_tasks import ForceParameter, ReferenceParameter, as_task
from flows.publishing import refreshes_status
from models.rules.catalogue.action import LONG_LEAD
from models.rules.references import CaseReference, SittingCaseReference
from models.rules.reviews.record_review import NewAction, ReviewReport
from tasks.reviews import record_review as duty

KindParameter = Annotated[
    str,
    Field(
        pattern=r"^[A-Za-z0-9_-]{1,64}$",
        description=f"The kind of action, as a code, as CCTV, WITNESS_STATEMENT or {', '.join(sorted(LONG_LEAD))}.",
    ),
]


class Action(BaseModel):
    """An action that the review asks for."""

    kind: KindParameter
    owner: ReferenceParameter = Field(description="The contact_ref of the person who does it.")
    due_on: date = Field(description="The day by which it is due.")


@refreshes_status
@flow(
    name="record-review",
    flow_run_name="record-review {sitting_ref} {force_code}/{case_ref}",
    timeout_seconds=600,
    persist_result=False,
    log_prints=False,
)
def record_review(  # noqa: PLR0913, PLR0917  one parameter for each field of the form
    sitting_ref: ReferenceParameter,
    force_code: ForceParameter,
    case_ref: ReferenceParameter,
    by: ReferenceParameter,
    held: bool,  # noqa: FBT001  a checkbox
    police: bool | None = None,  # noqa: FBT001
    cps: bool | None = None,  # noqa: FBT001
    decisions: list[ReviewDecision] | None = None,
    pattern: Pattern | None = None,
    actions: list[Action] | None = None,
    enquiries: Enquiries | None = None,
) -> Any:
    """Record the outcome of a case at its sitting. It applies until corrected, or until a source sends the review.

    If it is red: its message says why nothing was recorded, and who may report it. You may send the same report again;
    it is recorded once. A different report replaces it.

    Args:
        sitting_ref: The sitting, as 45-south-east-2026-03-17.
        force_code: The force's code, as 45.
        case_ref: The force's own reference of the case, as 45/1234.
        by: Your own contact_ref.
        held: Whether the review was held. A review that was not reached was not held.
        police: Whether police attended; required if it was held.
        cps: Whether CPS attended; required if it was held.
        decisions: What was decided; at least one if it was held.
        pattern: The finding on the pattern of behaviour.
        actions: The actions with owner and day; they need the decision further_actions.
        enquiries: Whether every line of enquiry was looked at. The next agenda shows it.
    """
    at = as_task("the moment", working_moment, None, force_code)
    today = london_day(at)
    asked = frozenset(NewAction(one.kind, one.owner, one.due_on) for one in actions or ())
    report = ReviewReport(by, held, police, cps, frozenset(decisions or ()), pattern, asked, enquiries)
    named = SittingCaseReference(sitting_ref, CaseReference(force_code, case_ref))
    made: duty.ReviewResult = as_task("record a review", duty.record_review, named, report, by_form(by), today, at)
    round_steps.joint_reviews_now(force_code, today, at, as_task)
    return Completed(data=made, message=made.sentence)
