"""Recording of what came of a meeting, as a reply says in one line a case."""

from config.replies import Answered
from models.errors import Refuse
from models.queries.replies.replies import ReplyOutcome
from models.queries.reviews import recorded_outcomes
from models.queries.reviews.recorded_outcomes import SittingCaseRow
from models.rules.references import CaseReference, SittingCaseReference
from models.rules.replies.outcome_lines import OutcomeLine, outcome_lines
from models.rules.reviews.record_review import ReviewReport
from tasks.replies.reply import UNKNOWN, HandledReply
from tasks.reviews.record_review import record_in_hand

NO_LINE = (
    "No line of it says what came of a case. Write one line a case, as FORCE/CASE: held, continue. "
    "Or: police only, CPS only, not held, not reached. Nothing was done."
)
UNREAD = "held, police only, CPS only, not held or not reached comes first, then between commas what was decided"


def record(reply: HandledReply, sitting_id: int) -> ReplyOutcome:
    """Record the outcome of each case that a line of the reply names; a refused line is answered by its reason.

    Raises Refuse, before writing, if no line is recorded.
    """
    sitting = recorded_outcomes.sitting_cases(reply.connection, sitting_id)
    lines = outcome_lines(reply.mail.text)
    if not sitting or not lines:
        raise Refuse(NO_LINE if sitting else UNKNOWN)
    cases = {f"{case.force_code}/{case.case_ref}".lower(): case for case in sitting}
    said, recorded = [], False
    for line in lines:
        try:
            said.append(_record(reply, line, cases.get(line.case)))
            recorded = True
        except Refuse as refused:  # always raised before anything is written
            said.append(f"{line.case.upper()}: {refused}")
    if not recorded:
        raise Refuse(" ".join(said))
    return ReplyOutcome(Answered.RECORDED, because=" ".join(said))


def _record(reply: HandledReply, line: OutcomeLine, case: SittingCaseRow | None) -> str:
    if case is None:
        raise Refuse("it is not before this meeting.")
    if line.said is None:
        raise Refuse(f"its words are not understood: {UNREAD}.")
    named = SittingCaseReference(case.ref, CaseReference(case.force_code, case.case_ref))
    return record_in_hand(reply.in_hand, named, ReviewReport(by=reply.by, **line.said._asdict())).sentence
